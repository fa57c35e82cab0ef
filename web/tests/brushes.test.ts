import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithin, readBrushes, writeBrushes, type Brush } from '../src/state/brushes';

test('brushes come back from an address as they were written, whatever the names are', () => {
  const brushes = new Map<string, Brush>([
    ['learning_rate', { ranges: [{ low: 1e-5, high: 0.01 }], labels: [] }],
    ['a:b;c,d=e', { ranges: [{ low: -Infinity, high: 3 }, { low: 7, high: Infinity }], labels: [] }],
    ['구분', { ranges: [], labels: ['가', 'x,y', '='] }],
    ['*', { ranges: [{ low: -1.5, high: -0.5 }], labels: [] }],
  ]);
  assert.deepEqual(readBrushes(writeBrushes(brushes)), brushes);
});

test('what is no brush in an address is passed over', () => {
  for (const text of [null, '', ';;', 'lr', 'lr:', ':1..2', 'lr:5..1', 'lr:a..b', '%:1', 'lr:%E0%A4%A=']) {
    assert.equal(readBrushes(text).size, 0, String(text));
  }
});

test('a value lies in a brush that has it in any of its ranges, and nothing without a value does', () => {
  const brush = { ranges: [{ low: 0, high: 1 }, { low: 5, high: Infinity }], labels: [] };
  assert.deepEqual([0, 1, 2, 5, Infinity, NaN].map((value) => isWithin(brush, value)), [true, true, false, true, true, false]);
});
