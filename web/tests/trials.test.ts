import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Convergence } from '../src/charts/convergence';
import { exampleFilter } from '../src/filter/example';
import { compile } from '../src/filter/filter';
import { readerOf, schemaOf } from '../src/filter/trials';
import { bestSoFar, improvement } from '../src/state/standing';
import { frontPlaces } from '../src/charts/pareto/objectives';
import { takeIn, valueAt, type Column, type ColumnsDocument } from '../src/state/trials';

interface Row {
  readonly number: number;
  readonly state?: string;
  readonly objective?: number | string | null;
  readonly lr?: number | null;
  readonly opt?: string | null;
}

const STATES = ['queued', 'running', 'succeeded', 'stopped', 'failed'];

function sheet(rows: readonly Row[], rest: Partial<ColumnsDocument> = {}): ColumnsDocument {
  const none = rows.map(() => null);
  const opts = [...new Set(rows.map((row) => row.opt).filter((one) => one !== null && one !== undefined))];
  return {
    job: 'j',
    metric: 'loss',
    goal: 'minimize',
    full: true,
    cursor: '1.1',
    last_event: 1,
    total: rows.length,
    removed: [], tags: {}, objectives: [{ metric: 'loss', goal: 'minimize', use: 'last', window: 1 }], metric_limits: [], further: {},
    number: rows.map((row) => row.number),
    state: { labels: STATES, codes: rows.map((row) => STATES.indexOf(row.state ?? 'succeeded')) },
    reason: { labels: [], codes: rows.map(() => -1) },
    attempt: rows.map(() => 1),
    worker: { labels: [], codes: rows.map(() => -1) },
    objective: rows.map((row) => row.objective ?? null),
    step: none,
    created_at: rows.map((row) => row.number),
    started_at: rows.map((row) => row.number),
    ended_at: none,
    parameters: {
      lr: { values: rows.map((row) => row.lr ?? null) },
      opt: { labels: opts, codes: rows.map((row) => (row.opt ? opts.indexOf(row.opt) : -1)) },
    },
    metrics: {},
    ...rest,
  } as unknown as ColumnsDocument;
}

test('trials that changed take the place of those of the same numbers, new ones follow, removed ones go', () => {
  const first = takeIn(undefined, sheet([
    { number: 1, objective: 3, lr: 0.1, opt: 'adam' },
    { number: 2, state: 'running', lr: 0.2, opt: 'sgd' },
    { number: 4, objective: 1, lr: 0.4, opt: 'adam' },
  ]));
  const next = takeIn(first, sheet(
    [
      { number: 2, objective: 2, lr: 0.2, opt: 'sgd' },
      { number: 3, state: 'running', lr: 0.3, opt: 'lion' },
    ],
    { full: false, removed: [4], cursor: '2.2' },
  ));
  assert.deepEqual([...next.number], [1, 2, 3]);
  assert.deepEqual([...next.objective], [3, 2, NaN]);
  assert.deepEqual(next.statuses, ['completed', 'completed', 'running']);
  const opt = next.parameters.get('opt') as Column;
  assert.deepEqual([0, 1, 2].map((i) => valueAt(opt, i)), ['adam', 'sgd', 'lion']);
  assert.equal(next.cursor, '2.2');
  assert.equal(next.place(3), 2);
  assert.equal(next.place(4), undefined);
  // What was known before is not touched: somebody may be painting it.
  assert.deepEqual([...first.number], [1, 2, 4]);
});

test('a column of numbers that meets a text keeps its numbers as labels', () => {
  const first = takeIn(undefined, sheet([{ number: 1, lr: 0.5 }, { number: 2 }]));
  const mixed = sheet([{ number: 3 }], { full: false, parameters: { lr: { labels: ['auto'], codes: [0] } } });
  const lr = takeIn(first, mixed).parameters.get('lr') as Column;
  assert.deepEqual([0, 1, 2].map((i) => valueAt(lr, i)), [0.5, null, 'auto']);
});

test('trials without a finite result have no rank, ties go to the earlier one', () => {
  const rows = [
    { number: 1, objective: 'NaN' },
    { number: 2, objective: 2 },
    { number: 3, objective: '-Infinity' },
    { number: 4, objective: 1 },
    { number: 5, objective: 2 },
    { number: 6 },
  ];
  const numbers = (goal: string) => {
    const trials = takeIn(undefined, sheet(rows, { goal } as Partial<ColumnsDocument>));
    return [...trials.ranking].map((i) => trials.number[i]);
  };
  assert.deepEqual(numbers('minimize'), [4, 2, 5]);
  assert.deepEqual(numbers('maximize'), [2, 5, 4]);
});

test('the best so far only gets better, and its gain is told since the middle of its steps', () => {
  const rows = [5, 6, 4, 4, 2, 3].map((objective, i) => ({ number: i + 1, objective }));
  const trials = takeIn(undefined, sheet(rows));
  assert.deepEqual(bestSoFar(trials).map(({ value }) => value), [5, 4, 2]);
  assert.deepEqual(improvement(trials), { share: 0.5, since: 3 });
  assert.equal(improvement(takeIn(undefined, sheet(rows.slice(0, 1)))), null);
});

test('fifty thousand trials are taken in and changed in a blink', () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => ({ number: i + 1, objective: i % 97, lr: i / 1e5, opt: 'adam' }));
  const began = performance.now();
  const all = takeIn(undefined, sheet(rows));
  const next = takeIn(all, sheet([{ number: 50_001, objective: -1, lr: 1 }], { full: false }));
  assert.equal(next.count, 50_001);
  assert.equal(next.number[next.ranking[0] as number], 50_001);
  assert.ok(performance.now() - began < 5000);
});

test('tags come with what changed, go with it and can be filtered by', () => {
  const first = takeIn(undefined, sheet([{ number: 1 }, { number: 2 }, { number: 4 }], { tags: { star: [1, 4], '좋음': [1] } }));
  assert.deepEqual([...first.tags], [[1, ['star', '좋음']], [4, ['star']]]);
  const next = takeIn(first, sheet([{ number: 1 }, { number: 3 }], { full: false, tags: { keep: [3] }, removed: [4] }));
  assert.deepEqual([...next.tags], [[3, ['keep']]]);
  const kept = (text: string) => {
    const keeps = compile(text, schemaOf(first), readerOf(first, 0, () => new Float64Array()));
    return [0, 1, 2].filter(keeps);
  };
  assert.deepEqual(kept('tag = star'), [0, 2]);
  assert.deepEqual(kept('tag = "좋음" and tag:st'), [0]);
  assert.deepEqual(kept('tag is missing'), [1]);
});

test('only trials that keep every limit are ranked, and of several objectives none is the best', () => {
  const rows = [{ number: 1, objective: 3 }, { number: 2, objective: 1 }, { number: 3, objective: 2 }];
  const limits = { metric_limits: [{ metric: 'ms', at_most: 5, at_least: null }], further: { ms: [5, 6, 'NaN'] } };
  const limited = takeIn(undefined, sheet(rows, limits as Partial<ColumnsDocument>));
  assert.deepEqual([...limited.ranking], [0]);
  assert.equal(limited.best, 0);
  const two = [{ metric: 'loss', goal: 'minimize' }, { metric: 'ms', goal: 'minimize' }];
  const several = takeIn(undefined, sheet(rows, { objectives: two, further: { ms: [1, 3, 2] } } as unknown as Partial<ColumnsDocument>));
  assert.deepEqual([[...several.ranking], several.best], [[1, 2, 0], undefined]);
  assert.deepEqual([...frontPlaces(several)], [1, 2, 0]);
  const next = takeIn(several, sheet([{ number: 2, objective: 4 }], { full: false, objectives: two, further: { ms: [1] } } as unknown as Partial<ColumnsDocument>));
  assert.deepEqual([...(next.further.get('ms') ?? [])], [1, 1, 2]);
});

test('an answer in which nothing has changed leaves everything as it is', () => {
  const first = takeIn(undefined, sheet([{ number: 1 }]));
  assert.equal(takeIn(first, sheet([], { full: false, cursor: '1.2' })), first);
  assert.notEqual(takeIn(first, sheet([], { full: false, removed: [1] })), first);
});

test('a result far out stands at the edge, is counted there and told as such', () => {
  const usual = Array.from({ length: 20 }, (_, i) => ({ number: i + 1, objective: 1 + i / 100 }));
  const found = takeIn(undefined, sheet([...usual, { number: 21, objective: 1e6 }, { number: 22, objective: 'Infinity' }]));
  const chart = new Convergence(found, new Uint8Array(22).fill(1), { by: 'trial', scale: 'linear' }, 0);
  assert.deepEqual(chart.beyond, { above: 1, below: 0 });
  const size = { width: 600, height: 232 };
  const far = chart.hit(555, 10, size);
  assert.deepEqual([far?.title, far?.lines[1]], ['Trial 21 · Completed', 'beyond the edge of the chart']);
  assert.match(far?.lines[0] ?? '', /1e6|1,000,000/);
  const log = new Convergence(takeIn(undefined, sheet([{ number: 1, objective: -1 }, { number: 2, objective: 10 }])), new Uint8Array(2).fill(1), { by: 'trial', scale: 'log' }, 0);
  assert.deepEqual(log.beyond, { above: 0, below: 1 });
});

test('the filter that is proposed names what the job has, as the language writes it', () => {
  const rows = [{ number: 1, lr: 0.001, opt: 'adam' }, { number: 2, lr: 0.00312, opt: 'sgd' }, { number: 3, lr: 0.1, opt: 'sgd' }];
  const both = takeIn(undefined, sheet(rows));
  assert.equal(exampleFilter(both), 'lr < 0.0031');
  assert.deepEqual([0, 1, 2].filter(compile('lr < 0.0031', schemaOf(both), readerOf(both, 0, () => new Float64Array()))), [0]);
  const odd = takeIn(undefined, sheet(rows, { parameters: { 'learning rate': { values: [1, 2, 3] } } as never }));
  assert.equal(exampleFilter(odd), '`learning rate` < 2');
  assert.deepEqual([0, 1, 2].filter(compile('`learning rate` < 2', schemaOf(odd), readerOf(odd, 0, () => new Float64Array()))), [0]);
  assert.equal(exampleFilter(takeIn(undefined, sheet([{ number: 1, opt: 'adam' }]))), 'opt = "adam"');
  assert.equal(exampleFilter(takeIn(undefined, sheet([], { parameters: {} }))), undefined);
});
