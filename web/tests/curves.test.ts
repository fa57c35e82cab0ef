import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domainOf } from '../src/charts/curves/domain';
import { bandOf, linesOf, nearestIndex, smoothed, type Line } from '../src/charts/curves/lines';
import type { Trials } from '../src/state/trials';

function line(ys: readonly number[], xs: readonly number[] = ys.map((_, i) => i)): Line {
  return { place: 0, trial: 1, xs: Float64Array.from(xs), ys: Float64Array.from(ys), reports: ys.length };
}

test('smoothing keeps the first value, the number of points, and what is no number', () => {
  const ys = smoothed(Float64Array.from([4, 0, NaN, 0]), 0.5);
  assert.equal(ys[0], 4);
  assert.ok(Number.isNaN(ys[2]));
  assert.ok((ys[1] as number) > 0 && (ys[3] as number) < (ys[1] as number));
  const constant = smoothed(new Float64Array(50).fill(7), 0.97);
  assert.ok(constant.every((y) => Math.abs(y - 7) < 1e-9));
  assert.deepEqual([...smoothed(Float64Array.from([1, 5]), 0)], [1, 5]);
});

test('the band is the middle half of the lines that have come that far', () => {
  const band = bandOf([line([1, 1, 1]), line([2, 2, 2]), line([3, 3, 3]), line([4, 4]), line([5])]);
  assert.deepEqual([...(band?.middle ?? [])], [3, 2.5, 2]);
  assert.deepEqual([band?.low[0], band?.high[0]], [2, 4]);
  assert.equal(bandOf([line([1, 2]), line([2, 3])]), undefined);
});

test('the band leaves out what was no number', () => {
  const band = bandOf([line([NaN, 1]), line([2, 2]), line([3, 3]), line([4, 4])]);
  assert.deepEqual([...(band?.middle ?? [])], [3, 2.5]);
});

test('curves stand over steps, or over the seconds since their trial began', () => {
  const trials = { number: Float64Array.from([7, 8]), started: Float64Array.from([100, 200]) } as unknown as Trials;
  const curve = { trial: 7, reports: 3, step: [1, 2, 3], time: [99, 101, 103], value: [1, 'NaN', 'Infinity'] };
  const [over] = linesOf(new Map([[7, curve]]), trials, [0, 1], 'time');
  assert.deepEqual([...(over?.xs ?? [])], [0, 1, 3]);
  assert.deepEqual([...(over?.ys ?? [])], [1, NaN, Infinity]);
  assert.equal(linesOf(new Map([[7, curve]]), trials, [0, 1], 'step').length, 1);
});

test('the nearest point of a line is found by halves', () => {
  const xs = Float64Array.from([0, 10, 20, 40]);
  assert.deepEqual([-5, 4, 6, 29, 31, 99].map((x) => nearestIndex(xs, x)), [0, 0, 1, 2, 3, 3]);
});

test('a line that runs away leaves no room to itself, and one that is only high is shown whole', () => {
  const usual = Array.from({ length: 9 }, (_, k) => line(Array.from({ length: 20 }, (_, i) => 0.1 + k / 100 + 0.1 / (i + 1))));
  const [low, high] = domainOf([...usual, line([0.2, 0.4, 0.5, 5, 25])], 'linear').y;
  assert.ok(low < 0.11 && high > 0.28 && high < 0.3, `${low} to ${high}`);
  const [, whole] = domainOf([...usual, line([0.4, 0.3])], 'linear').y;
  assert.ok(whole > 0.4);
  // Where most lines begin far out, what they come to is shown.
  const steep = Array.from({ length: 9 }, () => line([1e6, ...Array.from({ length: 99 }, (_, i) => 2 - i / 100)]));
  assert.ok(domainOf(steep, 'linear').y[1] < 10);
});
