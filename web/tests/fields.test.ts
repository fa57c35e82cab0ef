import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colouringOf } from '../src/charts/colouring';
import { cell, fieldOf, fieldsOf, said, type Field } from '../src/charts/fields';
import { Places } from '../src/charts/places';
import { readNumbers, writeNumbers } from '../src/charts/view';
import type { Parameter } from '../src/state/job';
import { takeIn, type ColumnsDocument, type Trials } from '../src/state/trials';

const LONG = '名'.repeat(200);
const SPEC = [
  { kind: 'double', name: 'lr', min: 1e-5, max: 1e-1, scale: 'log' },
  { kind: 'discrete', name: 'batch', choices: [16, 32, 1024] },
  { kind: 'categorical', name: 'opt', choices: ['sgd', `${LONG}a`, `${LONG}b`] },
] as unknown as readonly Parameter[];

function trials(): Trials {
  const none = { labels: [], codes: [-1, -1, -1, -1] };
  return takeIn(undefined, {
    job: 'j', metric: 'loss', goal: 'minimize', full: true, cursor: '', last_event: 0, total: 4, removed: [], tags: {}, objectives: [{ metric: 'loss', goal: 'minimize', use: 'last', window: 1 }], metric_limits: [], further: {},
    number: [1, 2, 3, 4], state: { labels: ['succeeded', 'failed'], codes: [0, 0, 0, 1] }, reason: none, worker: none,
    attempt: [1, 1, 1, 1], objective: [1, 2, 3, null], step: [1, 1, 1, 1], created_at: [1, 1, 1, 1],
    started_at: [1, 1, 1, 1], ended_at: [2, 3, 4, 5],
    parameters: {
      lr: { values: [1e-5, 1e-3, null, 0] },
      batch: { values: [16, 1024, 32, 16] },
      opt: { labels: [`${LONG}a`, `${LONG}b`], codes: [0, 1, 0, -1] },
    },
    metrics: { loss: { reports: [1, 1, 1, 0], last: [1, 2, 3, null], step: [1, 1, 1, null], min: [1, 2, 3, null], max: [1, 2, 3, null] } },
  } as unknown as ColumnsDocument);
}

function field(key: string): Field {
  const found = fieldOf(fieldsOf(trials(), SPEC, 10), key);
  assert.ok(found, key);
  return found;
}

test('a parameter stands on its own scale over its own range, and the objective says which end is good', () => {
  assert.deepEqual([field('lr').scale, field('lr').domain], ['log', [0, 1e-1]]);
  assert.equal(field('*').goal, 'minimize');
  assert.deepEqual(fieldsOf(trials(), SPEC, 10).map(({ key }) => key), ['*', 'lr', 'batch', 'opt', '*duration', '*step', '*trial', '*status']);
});

test('labels that differ only at their end stay two, and one that no trial had is there', () => {
  assert.deepEqual(field('opt').labels, ['sgd', `${LONG}a`, `${LONG}b`]);
  assert.deepEqual([...field('opt').values], [1, 2, 1, NaN]);
  assert.equal(said(field('opt'), 1), `${LONG}b`);
  assert.equal(cell(field('opt'), 3), null);
});

test('a few numbers stand at equal distances', () => {
  const batch = new Places(field('batch'), 'linear', [0, 300]);
  assert.deepEqual(batch.ticks(5).map(({ at, label }) => [Math.round(at), label]), [[50, '16'], [150, '32'], [250, '1,024']]);
});

test('what a log axis cannot show has no place on it, and what lies beyond an axis stands at its end', () => {
  const lr = new Places(field('lr'), 'log', [0, 100]);
  assert.deepEqual([lr.of(0), Math.round(lr.of(1)), lr.of(2), lr.of(3)], [0, 50, NaN, NaN]);
  const near = new Places(field('*'), 'linear', [0, 100], [1, 2]);
  assert.deepEqual([near.of(0), near.of(2), near.of(3)], [0, 100, NaN]);
});

test('colours go from worst to best, each label has one of its own, and none is the colour of nothing', () => {
  const byLoss = colouringOf(field('*'));
  assert.ok((byLoss.bins[0] as number) > (byLoss.bins[2] as number));
  assert.equal(byLoss.bins[3], 0);
  assert.deepEqual(byLoss.ends?.map((end) => Math.round(end * 10)), [29, 11]);
  const byLabel = colouringOf(field('opt'));
  assert.deepEqual([...byLabel.bins], [2, 3, 2, 0]);
});

test('the ninth label has the first colour with another shape', () => {
  const labels = Array.from({ length: 20 }, (_, k) => `label ${k}`);
  const many = colouringOf({ ...field('opt'), labels, values: Float64Array.from(labels, (_, k) => k) });
  const looks = new Set(labels.map((_, k) => `${k % 8} ${many.shape(k + 1)}`));
  assert.equal(looks.size, 20);
});

test('numbers of trials are written as runs and read back', () => {
  assert.equal(writeNumbers([9, 1, 2, 3, 3, 7]), '1-3,7,9');
  assert.deepEqual([...readNumbers('1-3,7,9')], [1, 2, 3, 7, 9]);
  assert.deepEqual([...readNumbers('x,,4,5-')], [4]);
  assert.deepEqual([...readNumbers('')], []);
});
