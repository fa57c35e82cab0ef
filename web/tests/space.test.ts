import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gridsOf, interpolated, placeAt, refined } from '../src/charts/contour/grid';
import type { Field } from '../src/charts/fields';
import { Places } from '../src/charts/places';
import { isInside } from '../src/charts/scatter/chart';
import { byDepth, cameraOf, farSides, readView, turned, writeView } from '../src/charts/scatter3d/projection';

const FRONT = { turn: 0, tilt: 0, zoom: 1 };

test('straight from the front, across is across, up is up, and what is nearer comes later', () => {
  const camera = cameraOf(FRONT, [100, 100], 100);
  const [left, right] = [camera.at(-0.5, 0, 0), camera.at(0.5, 0, 0)];
  assert.ok(left[0] < 100 && right[0] > 100 && left[1] === right[1]);
  assert.ok(camera.at(0, 0, 0.5)[1] < 100);
  const depths = Float64Array.from([-0.5, 0.5, 0], (y) => camera.at(0, y, 0)[2]);
  assert.deepEqual([...byDepth(depths, [0, 1, 2])], [1, 2, 0]);
});

test('the walls stand behind, from wherever it is looked at', () => {
  for (const view of [FRONT, { turn: 130, tilt: 40, zoom: 1 }, { turn: 325, tilt: -22, zoom: 2 }]) {
    const camera = cameraOf(view, [0, 0], 1);
    const far = farSides(camera);
    for (const axis of [0, 1, 2]) {
      const behind = [0, 0, 0];
      behind[axis] = far[axis] as number;
      const depth = camera.at(...(behind as [number, number, number]))[2];
      assert.ok(depth <= camera.at(0, 0, 0)[2] + 1e-9);
    }
  }
});

test('sorting by buckets loses nothing, also where all are equally far', () => {
  const places = Array.from({ length: 1000 }, (_, i) => i);
  const depths = Float64Array.from(places, (i) => Math.sin(i));
  const order = [...byDepth(depths, places)];
  assert.equal(new Set(order).size, 1000);
  for (let k = 1; k < 1000; k++) assert.ok((depths[order[k] as number] as number) > (depths[order[k - 1] as number] as number) - 2 / 256);
  assert.equal(byDepth(new Float64Array(5), [0, 1, 2, 3, 4]).length, 5);
});

test('a view is written into the address and never goes over the top', () => {
  assert.equal(turned(FRONT, -10, 200).tilt, 90);
  assert.equal(turned(FRONT, -10, 0).turn, 350);
  assert.deepEqual(readView(writeView({ turn: 30, tilt: -20, zoom: 2 }), FRONT), { turn: 30, tilt: -20, zoom: 2 });
  assert.deepEqual(readView('nonsense', FRONT), FRONT);
});

test('a point is inside an outline also where it is no convex one', () => {
  const u = [[0, 0], [10, 0], [10, 10], [7, 10], [7, 3], [3, 3], [3, 10], [0, 10]] as const;
  assert.deepEqual([[1, 5], [5, 5], [8, 8], [5, 1], [20, 5]].map(([x, y]) => isInside(u, x as number, y as number)), [true, false, true, true, false]);
});

function numbers(values: readonly number[], domain: readonly [number, number]): Field {
  return { key: 'k', title: 'k', kind: 'numbers', values: Float64Array.from(values), labels: [], scale: 'linear', domain, isParameter: true };
}

test('between trials stands what the nearest of them had', () => {
  const [x, y] = [numbers([0, 1, 0, 1, NaN], [0, 1]), numbers([0, 0, 1, 1, 1], [0, 1])];
  const values = Float64Array.from([1, 2, 3, 4, 1e9]);
  const grid = interpolated(new Places(x, 'linear', [0, 1]), new Places(y, 'linear', [0, 1]), values, [0, 1, 2, 3, 4]);
  const at = (i: number, j: number) => grid.values[i * grid.ys.length + j] as number;
  const last = grid.xs.length - 1;
  for (const [found, wanted] of [[at(0, 0), 1], [at(last, 0), 2], [at(0, last), 3], [at(last, last), 4]] as const) {
    assert.ok(Math.abs(found - wanted) < 0.05, `${found} ${wanted}`);
  }
});

test('a grid is refined in proportion, and its answer has the labels at their places', () => {
  const { columns, rows, values } = refined(Float64Array.from([0, 1, 2, 3]), [0, 10], [0, 20], 2);
  assert.deepEqual([columns, rows], [[0, 5, 10], [0, 10, 20]]);
  assert.deepEqual([...values], [0, 1, 2, 0.5, 1.5, 2.5, 1, 2, 3]);
  assert.deepEqual([placeAt([0, 10], -1), placeAt([0, 10], 0.25), placeAt([3], 5)], [0, 2.5, 3]);
  const labels = { ...numbers([], [-0.5, 1.5]), kind: 'labels', labels: ['a', 'b'] } as Field;
  const point = (mean: number | null) => ({ values: [], mean, low: 1, high: 3 });
  const found = gridsOf({ parameters: [], axes: [['b', 'a'], [1]], points: [point(2), point(null)], trials: 9, metric: 'loss' }, labels, numbers([], [0, 1]));
  assert.deepEqual([...found.mean.xs], [1, 0]);
  assert.deepEqual([found.mean.values[0], Number.isNaN(found.mean.values[1]), found.width.values[0]], [2, true, 2]);
});
