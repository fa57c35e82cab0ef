import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationOf, type Trials } from '../src/state/trials';

test('a trial has run until its end or until now, and never for less than nothing', () => {
  const trials = {
    started: Float64Array.of(100, 100, 100, NaN),
    ended: Float64Array.of(130, NaN, NaN, NaN),
  } as unknown as Trials;
  assert.equal(durationOf(trials, 0, 120), 30);
  assert.equal(durationOf(trials, 1, 120), 20);
  assert.equal(durationOf(trials, 2, 95), 0);
  assert.ok(Number.isNaN(durationOf(trials, 3, 120)));
});
