import assert from 'node:assert/strict';
import { test } from 'node:test';
import tables from '../../tests/fixtures/filters/cases.json';
import { compile, FilterError, relaxations, type Kind, type Read, type Schema, type Values } from '../src/filter/filter';

type Cell = string | number | boolean | null | readonly string[];
type Table = (typeof tables)['trials'] | (typeof tables)['jobs'];

const ODD: Readonly<Record<string, number>> = { NaN, Infinity };

function kinds(written: object): ReadonlyMap<string, Kind> {
  return new Map(Object.entries(written) as [string, Kind][]);
}

function schemaOf(table: Table): Schema {
  const spaces = new Map(Object.entries(table.spaces).map(([space, found]) => [space, kinds(found)]));
  return { fields: kinds(table.fields), spaces, loose: table.loose };
}

/** The columns as the console keeps them: typed numbers, or codes into labels. */
function valuesOf(cells: readonly Cell[], kind: Kind): Values {
  if (kind === 'texts') return { kind: 'lists', values: cells as readonly (readonly string[])[] };
  if (kind === 'number' || kind === 'duration') {
    const values = Float64Array.from(cells, (cell) => (typeof cell === 'string' ? (ODD[cell] as number) : Number(cell ?? NaN)));
    return { kind: 'numbers', values, isMissing: (place) => cells[place] === null };
  }
  const labels = [...new Set(cells.filter((cell) => cell !== null))] as (string | number | boolean)[];
  return { kind: 'codes', labels, codes: Int32Array.from(cells, (cell) => labels.indexOf(cell as string)) };
}

function readerOf(table: Table): Read {
  const schema = schemaOf(table);
  return ({ space, name, aspect, step }) => {
    const found = (table.columns as readonly (readonly unknown[])[]).find(
      (column) => column[0] === space && column[1] === name && column[2] === aspect && column[3] === step,
    );
    assert.ok(found, `${space} ${name} ${aspect} ${step}`);
    const kind = space === 'metrics' ? 'number' : (space === '' ? schema.fields : schema.spaces.get(space))?.get(name);
    return valuesOf(found[4] as readonly Cell[], kind as Kind);
  };
}

function kept(table: Table, text: string): number[] {
  const holds = compile(text, schemaOf(table), readerOf(table));
  return Array.from({ length: table.count }, (_, place) => place + 1).filter((row) => holds(row - 1));
}

for (const [name, table] of Object.entries(tables)) {
  test(`filters over ${name} keep the rows of the table`, () => {
    for (const [text, rows] of table.cases as [string, number[]][]) assert.deepEqual(kept(table, text), rows, text);
  });

  test(`what is wrong with a filter over ${name} is said with its column`, () => {
    for (const [text, column, message] of table.errors as [string, number, string][]) {
      assert.throws(
        () => kept(table, text),
        (error) => {
          assert.ok(error instanceof FilterError, text);
          assert.deepEqual([error.message, error.column], [message, column], text);
          return true;
        },
      );
    }
  });
}

test('a filter that is too long or too deep is refused', () => {
  assert.throws(() => kept(tables.trials, 'a'.repeat(5000)), /at most 4,096 characters, got 5,000/);
  assert.throws(() => kept(tables.trials, `${'('.repeat(50)}trial = 1${')'.repeat(50)}`), /nested too deeply/);
});

test('the condition that removes most comes first, with the filter that is left', () => {
  const { trials } = tables;
  const found = relaxations('status = succeeded and learning_rate < 0.005 worker ~ gpu', schemaOf(trials), readerOf(trials), 6);
  assert.deepEqual(found[0], {
    without: 'status = succeeded',
    filter: 'learning_rate < 0.005 and worker ~ gpu',
    kept: 2,
  });
  assert.deepEqual(
    found.map((one) => one.kept),
    [2, 2, 1],
  );
  assert.deepEqual(relaxations('trial = 1', schemaOf(trials), readerOf(trials), 6), []);
});

test('50,000 rows are filtered in a moment', () => {
  const values = Float64Array.from({ length: 50_000 }, (_, place) => place);
  const schema: Schema = { fields: new Map([['a', 'number'] as const]), spaces: new Map(), loose: null };
  const begun = performance.now();
  const holds = compile('a > 10 and a < 40000 and not a = 500', schema, () => ({ kind: 'numbers', values, isMissing: () => false }));
  let found = 0;
  for (let place = 0; place < 50_000; place++) if (holds(place)) found += 1;
  assert.equal(found, 39_988);
  assert.ok(performance.now() - begun < 500);
});
