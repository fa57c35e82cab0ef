import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldOf, fieldsOf, type Field } from '../src/charts/fields';
import { jsonOf, orderedFields, shownFields, tableOf, textOf, widthOf, writeColumns } from '../src/table/columns';
import { compareAddress, readCompared } from '../src/table/compared';
import { heldPlaces, hiddenOf, newcomers, numbersOf, readSort, sortedPlaces, writeSort } from '../src/table/order';
import { readViews, viewOf } from '../src/table/views';
import { bestOf, beyond, differences } from '../src/table/differences';
import { asFlags, asYaml } from '../src/trial/copies';
import { takeIn, type ColumnsDocument, type Trials } from '../src/state/trials';

function sheet(objective: readonly (number | string | null)[], states: readonly string[]): Trials {
  const n = objective.length;
  const of = (value: number | string | null) => Array.from({ length: n }, () => value);
  return takeIn(undefined, {
    job: 'j',
    metric: 'loss',
    goal: 'minimize',
    cursor: '1',
    full: true,
    removed: [], tags: {}, objectives: [{ metric: 'loss', goal: 'minimize', use: 'last', window: 1 }], metric_limits: [], further: {},
    number: Array.from({ length: n }, (_, i) => i + 1),
    state: { labels: [...new Set(states)], codes: states.map((state) => [...new Set(states)].indexOf(state)) },
    reason: { labels: [], codes: of(-1) },
    worker: { labels: [], codes: of(-1) },
    attempt: of(1),
    objective: [...objective],
    step: of(5),
    created_at: of(0),
    started_at: of(10),
    ended_at: of(40),
    parameters: { lr: { values: Array.from({ length: n }, (_, i) => i / 10) }, 'a,b': { labels: ['=1+1', 'x'], codes: of(0) } },
    metrics: { loss: { reports: of(2), last: [...objective], step: of(5), min: of(0), max: of(1) } },
  } as unknown as ColumnsDocument);
}

const trials = sheet([3, 'NaN', 1, null, 2, 'Infinity'], ['succeeded', 'failed', 'succeeded', 'running', 'stopped', 'succeeded']);
const fields = orderedFields(fieldsOf(trials, [], 0));
const everything = new Uint8Array(trials.count).fill(1);
const field = (key: string): Field => fieldOf(fields, key) as Field;

test('rows without a value come last in both directions, and none is lost', () => {
  assert.deepEqual([...sortedPlaces(trials, everything, field('*'), false)], [2, 4, 0, 5, 1, 3]);
  assert.deepEqual([...sortedPlaces(trials, everything, field('*'), true)], [5, 0, 4, 2, 1, 3]);
  assert.deepEqual([...sortedPlaces(trials, Uint8Array.of(1, 1, 0, 0, 0, 0), field('*'), false)], [0, 1]);
});

test('what a table is sorted by comes back from an address; by default the best comes first', () => {
  for (const sort of [{ key: 'lr', isDown: true }, { key: '*.acc', isDown: false }]) {
    assert.deepEqual(readSort(writeSort(sort), 'minimize'), sort);
  }
  assert.deepEqual(readSort(null, 'maximize'), { key: '*', isDown: true });
  assert.deepEqual(readSort('', 'minimize'), { key: '*', isDown: false });
});

test('columns that were chosen come back from an address, whatever they are called', () => {
  const chosen = fields.filter((one) => ['a,b', '*.loss', '*duration'].includes(one.key));
  const shown = shownFields(fields, writeColumns(chosen));
  assert.deepEqual(shown.map((one) => one.key), ['*trial', '*status', '*', 'a,b', '*duration']);
  assert.deepEqual(shownFields(fields, writeColumns([])).map((one) => one.key), ['*trial', '*status', '*']);
  for (const one of fields) assert.ok(widthOf(one) >= 70, one.key);
});

test('a result that is no number is told from none', () => {
  assert.deepEqual([0, 1].map((i) => textOf(trials, field('*'), i, 0)), ['3', 'NaN']);
});

test('an export holds every digit of what is shown and nothing of what is not', () => {
  const places = Int32Array.of(2, 1, 5);
  const table = tableOf(trials, [field('*trial'), field('*status'), field('*'), field('a,b')], places, 0);
  assert.deepEqual(table.columns, ['trial', 'status', 'loss', 'a,b']);
  assert.deepEqual(table.rows, [
    [3, 'completed', 1, '=1+1'],
    [2, 'failed', 'NaN', '=1+1'],
    [6, 'completed', 'Infinity', '=1+1'],
  ]);
  assert.deepEqual(JSON.parse(jsonOf(table))[1], { trial: 2, status: 'failed', loss: 'NaN', 'a,b': '=1+1' });
  const twice = { columns: ['step', 'step'], rows: [[1, 2]] };
  assert.deepEqual(JSON.parse(jsonOf(twice)), [{ step: 1, 'step (2)': 2 }]);
});

test('failed and running trials that a filter leaves out are counted', () => {
  assert.deepEqual(hiddenOf(trials, new Uint8Array(trials.count)), { failed: 1, running: 1 });
  assert.deepEqual(hiddenOf(trials, everything), { failed: 0, running: 0 });
});

test('an order that is held keeps its rows while others come and go', () => {
  const before = numbersOf(trials, Int32Array.of(4, 0, 2));
  assert.deepEqual([...heldPlaces(trials, before)], [4, 0, 2]);
  assert.equal(newcomers(trials, Int32Array.of(0, 1, 2, 3), before), 2);
  assert.deepEqual([...heldPlaces(trials, Float64Array.of(99, 1))], [0]);
});

test('trials to be compared come back from an address, and what is no trial is told', () => {
  const given = [
    { job: 'a:b,c', number: 3 },
    { job: '名 %', number: 12 },
  ];
  const query = new URLSearchParams(compareAddress(given).split('?')[1]);
  assert.deepEqual(readCompared(query.get('t')), { trials: given, odd: [] });
  assert.deepEqual(readCompared('j:1,j:1,j,j:0,:4,j:x,%E0:2'), {
    trials: [{ job: 'j', number: 1 }, { job: '%E0', number: 2 }],
    odd: ['j', 'j:0', ':4', 'j:x'],
  });
  assert.deepEqual(readCompared(null), { trials: [], odd: [] });
});

test('a saved view holds what the table shows and not which trials were chosen', () => {
  assert.equal(viewOf('?f=lr<1&sel=3&sort=-lr&x=y'), 'f=lr%3C1&sort=-lr');
  assert.deepEqual(readViews('[{"name":"a","search":"f=1"},{"name":3},null]'), [{ name: 'a', search: 'f=1' }]);
  assert.deepEqual(readViews('{'), []);
  assert.deepEqual(readViews(null), []);
});

test('parameters that differ come first, and a value that one trial lacks is a difference', () => {
  const [a, b] = [{ objective: 2, parameters: { lr: 1, opt: 'x' } }, { objective: 1, parameters: { lr: 1, opt: 'y', depth: 3 } }];
  assert.deepEqual(differences([a, b]).map(({ name, differs }) => [name, differs]), [['opt', true], ['depth', true], ['lr', false]]);
  assert.deepEqual([bestOf([a, b], 'minimize'), bestOf([a, b], 'maximize')], [1, 0]);
  assert.equal(bestOf([{ objective: NaN, parameters: {} }], 'minimize'), undefined);
  assert.deepEqual([beyond(3, 1), beyond(1, 1), beyond('a', 1), beyond(1, NaN)], [2, undefined, undefined, undefined]);
});

test('a value is copied so that a shell and YAML take it as it was', () => {
  assert.equal(asFlags({ lr: 0.1, name: "it's <b>" }), "--lr=0.1 '--name=it'\\''s <b>'");
  assert.equal(asYaml({ ok: 'no', lr: 0.001 }), '"ok": "no"\n"lr": 0.001');
});
