import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Field } from '../src/charts/fields';
import { clauseOf, hasClause, labelSlots, spanSlots, toggled } from '../src/table/facets';

function field(rest: Partial<Field>): Field {
  return { key: 'x', title: 'x', kind: 'numbers', values: new Float64Array(), labels: [], scale: 'linear', domain: [0, 1], isParameter: true, ...rest };
}

test('labels are counted, the most frequent first, with how many the filter leaves', () => {
  const found = labelSlots(field({ kind: 'labels', labels: ['adam', 'sgd', 'never'], values: Float64Array.of(0, 1, 1, NaN, 1) }), Uint8Array.of(1, 1, 0, 1, 0));
  assert.deepEqual(found.map(({ label, all, kept }) => [label, all, kept]), [['sgd', 3, 1], ['adam', 1, 1]]);
});

test('numbers are counted in spans of the same width on their own scale, open at both ends', () => {
  const values = Float64Array.of(1e-6, 2e-6, 1e-3, 0.9, 50, NaN, Infinity);
  const slots = spanSlots(field({ scale: 'log', domain: [1e-6, 1], values }), new Uint8Array(7).fill(1));
  assert.equal(slots.length, 8);
  assert.deepEqual([slots[0]?.all, slots[4]?.all, slots[7]?.all], [2, 1, 2]);
  assert.deepEqual([slots[0]?.low, slots[7]?.high], [-Infinity, Infinity]);
  assert.equal(slots[3]?.high, slots[4]?.low);
  assert.equal(slots[4]?.low, 0.001);
  assert.deepEqual(spanSlots(field({ values: Float64Array.of(NaN) }), Uint8Array.of(1)), []);
});

test('a clause is added to a filter and taken out again, and an "or" is kept together', () => {
  const clause = clauseOf('tag', 'a "b"');
  assert.equal(clause, 'tag = "a \\"b\\""');
  assert.equal(toggled('', clause), clause);
  assert.equal(toggled('lr < 1', clause), `lr < 1 and ${clause}`);
  assert.equal(toggled(`lr < 1 and ${clause} and step > 2`, clause), 'lr < 1 and step > 2');
  assert.equal(toggled('lr < 1 or lr > 2', clause), `(lr < 1 or lr > 2) and ${clause}`);
  assert.ok(hasClause(`lr < 1 and ${clause}`, clause));
  assert.ok(!hasClause('lr < 1', clause));
});
