import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dominates, frontOf, hypervolume, progressOf } from '../src/charts/pareto/front';

test('on the front is what no other point beats; equal points stay together', () => {
  assert.deepEqual(frontOf([[1, 5], [2, 2], [5, 1], [3, 3], [2, 2], [1, 6]]), [0, 1, 2, 4]);
  assert.deepEqual(frontOf([]), []);
  assert.equal(dominates([1, 1], [1, 1]), false);
});

test('a front found by sorting is the one found by comparing all', () => {
  let seed = 7;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (const objectives of [2, 3, 4]) {
    const points = Array.from({ length: 200 }, () => Array.from({ length: objectives }, () => Math.round(random() * 12)));
    const slow = points.flatMap((one, i) => (points.some((other) => dominates(other, one)) ? [] : [i]));
    assert.deepEqual(frontOf(points), slow);
  }
});

test('the hypervolume of known fronts', () => {
  assert.equal(hypervolume([[1, 3], [2, 2], [3, 1]], [4, 4]), 6);
  assert.equal(hypervolume([[0, 0, 0]], [1, 2, 3]), 6);
  assert.equal(hypervolume([[0, 1, 1], [1, 0, 1], [1, 1, 0]], [2, 2, 2]), 4);
  assert.equal(hypervolume([[5, 5]], [4, 4]), 0);
});

test('the share of the box grows with every point that joins the front, and never falls', () => {
  const steps = progressOf([[5, 5], [6, 6], [3, 4], [1, 9], [9, 1], [1, 1]]);
  assert.deepEqual(steps.map(({ at }) => at), [0, 2, 3, 4, 5]);
  for (const [k, { share }] of steps.entries()) if (k > 0) assert.ok(share >= (steps[k - 1]?.share ?? 0));
  assert.ok(Math.abs((steps.at(-1)?.share ?? 0) - 1) < 1e-6);
  assert.deepEqual(progressOf([]), []);
});
