import { parse } from './grammar';
import { nearest } from './near';
import { refuse, shown, type Clause, type FieldName, type Filter, type Given } from './tree';

export { FilterError } from './tree';

/** Durations are seconds, written 90, 90s, 5m, 1.5h or 2d; `mixed` are labels of any type. */
export type Kind = 'number' | 'duration' | 'text' | 'mixed' | 'texts';
export type Label = string | number | boolean;

/** One column of a table. `space` is empty for a field that everything has. */
export interface ColumnName {
  readonly space: string;
  readonly name: string;
  /** What of a metric's reports is meant. */
  readonly aspect: string;
  readonly step: number | null;
}

/** The columns that a filter can speak of; words alone are looked for in the field `loose`. */
export interface Schema {
  readonly fields: ReadonlyMap<string, Kind>;
  readonly spaces: ReadonlyMap<string, ReadonlyMap<string, Kind>>;
  readonly loose: string | null;
}

/** The values of a column: numbers, codes into labels (-1 is missing), or several texts of each row. */
export type Values =
  | { readonly kind: 'numbers'; readonly values: ArrayLike<number>; isMissing(place: number): boolean }
  | { readonly kind: 'codes'; readonly labels: readonly Label[]; readonly codes: ArrayLike<number> }
  | { readonly kind: 'lists'; readonly values: readonly (readonly string[])[] };

export type Predicate = (place: number) => boolean;
export type Read = (column: ColumnName) => Values;

export const ASPECTS: readonly string[] = ['last', 'min', 'max', 'reports', 'step'];
const METRICS = 'metrics';
const SHOWN = 8;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const ODD: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '+inf': Infinity, '-inf': -Infinity };
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Whether a row is kept, by its place. Throws FilterError with the column. */
export function compile(text: string, schema: Schema, read: Read): Predicate {
  return bound(parse(text), schema, read);
}

export interface Relaxation {
  /** The condition that was left out, and the filter without it. */
  readonly without: string;
  readonly filter: string;
  /** How many rows are kept then. */
  readonly kept: number;
}

/** What leaving out each condition of `a and b and c` would bring, the most first. */
export function relaxations(text: string, schema: Schema, read: Read, count: number): readonly Relaxation[] {
  const tree = parse(text);
  if (tree.kind !== 'every') return [];
  const tests = tree.parts.map((part) => bound(part, schema, read));
  const found = new Map<number, Relaxation>();
  for (const span of tree.spans) {
    const rest = tree.spans.flatMap((other) => (other.start === span.start ? [] : [text.slice(other.start, other.end)]));
    const others = tests.filter((_, j) => tree.spans[j]?.start !== span.start);
    let kept = 0;
    for (let place = 0; place < count; place++) if (others.every((holds) => holds(place))) kept += 1;
    const without = text.slice(span.start, span.end);
    if (!found.has(span.start)) found.set(span.start, { without, filter: rest.join(' and '), kept });
  }
  return [...found.values()].sort((a, b) => b.kept - a.kept);
}

function bound(tree: Filter, schema: Schema, read: Read): Predicate {
  switch (tree.kind) {
    case 'every': {
      const parts = tree.parts.map((part) => bound(part, schema, read));
      return (place) => parts.every((holds) => holds(place));
    }
    case 'anyOf': {
      const parts = tree.parts.map((part) => bound(part, schema, read));
      return (place) => parts.some((holds) => holds(place));
    }
    case 'negated': {
      const inner = bound(tree.part, schema, read);
      return (place) => !inner(place);
    }
    case 'isMissing':
      return missing(read(columnOf(tree.field, schema)[0]));
    default: {
      const [column, kind] = columnOf(tree.field, schema);
      const test = testOf(tree, kind);
      return over(read(column), test, tree.kind === 'compares' && tree.comparison === '!=');
    }
  }
}

function missing(column: Values): Predicate {
  switch (column.kind) {
    case 'numbers':
      return (place) => column.isMissing(place);
    case 'codes':
      return (place) => (column.codes[place] as number) < 0;
    case 'lists':
      return (place) => column.values[place]?.length === 0;
  }
}

type Test = (value: Label) => boolean;

function over(column: Values, test: Test, isUnequal: boolean): Predicate {
  switch (column.kind) {
    case 'numbers':
      return (place) => test(column.values[place] as number) && !column.isMissing(place);
    case 'codes': {
      // There are far fewer labels than rows.
      const holds = column.labels.map(test);
      return (place) => holds[column.codes[place] as number] ?? false;
    }
    case 'lists':
      if (isUnequal) return (place) => (column.values[place] ?? []).every(test);
      return (place) => (column.values[place] ?? []).some(test);
  }
}

function testOf(tree: Clause, kind: Kind): Test {
  switch (tree.kind) {
    case 'matches':
      return matching(tree.given, kind, tree.isAnywhere);
    case 'isIn': {
      const tests = tree.options.map((one) => equality(one, kind));
      return (value) => tests.some((test) => test(value));
    }
    case 'compares': {
      if (tree.comparison === '=') return equality(tree.given, kind);
      if (tree.comparison !== '!=') return ordering(tree.field, tree.comparison, tree.given, kind);
      const equal = equality(tree.given, kind);
      return (value) => !equal(value);
    }
  }
}

function columnOf(name: FieldName, schema: Schema): readonly [ColumnName, Kind] {
  const found = resolved(name, schema);
  if (name.step === null) return found;
  const [column] = found;
  if (column.space !== METRICS || column.aspect !== 'last') {
    refuse(name.column, `${shown(name.name)} is no metric: only a metric has a value at a step`);
  }
  return [{ ...column, aspect: '', step: name.step }, 'number'];
}

function resolved(name: FieldName, schema: Schema): readonly [ColumnName, Kind] {
  const field = (found: string): readonly [ColumnName, Kind] => [
    { space: '', name: found, aspect: '', step: null },
    schema.fields.get(found) as Kind,
  ];
  if (name.name === '' && !name.isQuoted) {
    if (schema.loose === null) refuse(name.column, 'a name alone says nothing: write a condition such as lr < 1');
    return field(schema.loose);
  }
  if (name.space === null && !name.isQuoted && schema.fields.has(name.name)) return field(name.name);
  for (const [space, columns] of schema.spaces) {
    const found = name.space === null || name.space === space ? inSpace(space, columns, name.name) : undefined;
    if (found) return found;
  }
  refuseUnknown(name, schema);
}

/** The longest name that fits: a metric may be called `loss.min` itself. */
function inSpace(
  space: string,
  columns: ReadonlyMap<string, Kind>,
  name: string,
): readonly [ColumnName, Kind] | undefined {
  const kind = columns.get(name);
  if (kind) return [{ space, name, aspect: space === METRICS ? 'last' : '', step: null }, kind];
  const dot = name.lastIndexOf('.');
  const [stem, aspect] = [name.slice(0, dot), name.slice(dot + 1)];
  if (space !== METRICS || dot < 0 || !columns.has(stem) || !ASPECTS.includes(aspect)) return undefined;
  return [{ space, name: stem, aspect, step: null }, 'number'];
}

function refuseUnknown(name: FieldName, schema: Schema): never {
  const names = [...schema.spaces].flatMap(([space, columns]) =>
    name.space === null || name.space === space ? [...columns.keys()] : [],
  );
  if (name.space === null) names.push(...schema.fields.keys());
  const what = `there is no field ${shown(name.name)}`;
  const near = nearest(name.name, names);
  if (near !== undefined) refuse(name.column, `${what}; did you mean ${shown(near)}?`);
  const some = names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ', …' : '');
  refuse(name.column, names.length > 0 ? `${what}; there are ${some}` : what);
}

function numberOf(given: Given, kind: Kind): number | undefined {
  if (NUMBER.test(given.text)) return Number(given.text);
  const odd = ODD[given.text.toLowerCase()];
  if (odd !== undefined) return odd;
  const unit = UNITS[given.text.slice(-1)];
  const count = given.text.slice(0, -1);
  return kind === 'duration' && unit !== undefined && NUMBER.test(count) ? Number(count) * unit : undefined;
}

function neededNumber(given: Given, kind: Kind): number {
  const number = numberOf(given, kind);
  if (number !== undefined) return number;
  const right = kind === 'duration' ? 'a duration, such as 90s, 5m or 1.5h' : 'a number';
  refuse(given.column, `${shown(given.text)} is compared with ${right}`);
}

function equality(given: Given, kind: Kind): Test {
  if (kind === 'text' || kind === 'texts') return (value) => value === given.text;
  if (kind === 'mixed') return labelEquality(given);
  const wanted = neededNumber(given, kind);
  return Number.isNaN(wanted) ? (value) => Number.isNaN(value) : (value) => value === wanted;
}

/** A quoted value is a text; a bare one is whatever label looks like it. */
function labelEquality(given: Given): Test {
  const number = given.isQuoted ? undefined : numberOf(given, 'number');
  const truth = given.isQuoted ? '' : given.text.toLowerCase();
  return (value) => {
    if (typeof value === 'boolean') return String(value) === truth;
    return typeof value === 'string' ? value === given.text : value === number;
  };
}

function matching(given: Given, kind: Kind, isAnywhere: boolean): Test {
  if (kind === 'number' || kind === 'duration') {
    if (isAnywhere) refuse(given.column, "'~' looks for a part of a text, and this field is a number");
    return equality(given, kind);
  }
  const wanted = given.text.toLowerCase();
  return (value) => {
    const text = String(value).toLowerCase();
    return isAnywhere ? text.includes(wanted) : text.startsWith(wanted);
  };
}

function ordering(name: FieldName, comparison: '<' | '<=' | '>' | '>=', given: Given, kind: Kind): Test {
  if (kind === 'text' || kind === 'texts') {
    refuse(name.column, `${shown(name.name)} holds texts, which have no order: compare it with =, != or ~`);
  }
  const wanted = neededNumber(given, kind);
  const order: Readonly<Record<typeof comparison, (value: number) => boolean>> = {
    '<': (value) => value < wanted,
    '<=': (value) => value <= wanted,
    '>': (value) => value > wanted,
    '>=': (value) => value >= wanted,
  };
  const holds = order[comparison];
  return (value) => typeof value === 'number' && holds(value);
}
