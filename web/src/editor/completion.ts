import type { Completion } from '@codemirror/autocomplete';
import { FORMS, type Dialect, type Form } from './forms';
import type { Path } from './text';

/** What may stand below a place of a document. */
export interface Choices {
  readonly keys: readonly Completion[];
  readonly values: readonly Completion[];
}

export type Schema = { readonly [key: string]: unknown };

/** The keys and values that fit a place: of our own form by its schema, of others by their tables. */
export function choicesAt(dialect: Dialect, path: Path, schema: Schema | undefined): Choices {
  if (dialect !== 'native' || !schema) return fromForm(FORMS[dialect], path);
  const found = path.reduce<Schema[]>((at, key) => at.flatMap((one) => below(one, key, schema)), variants(schema, schema));
  const keys = found.flatMap((one) => Object.entries((one.properties ?? {}) as Record<string, Schema>));
  const values = found.flatMap((one) => [...((one.enum ?? []) as unknown[]), ...('const' in one ? [one.const] : [])]);
  return {
    keys: unique(keys.map(([label, one]) => ({ label, type: 'property', ...info(one, schema) }))),
    values: unique(values.map((one) => ({ label: String(one), type: 'constant' }))),
  };
}

function info(one: Schema, schema: Schema): { info?: string } {
  const text = [one, ...variants(one, schema)].map((each) => each.description).find((each) => typeof each === 'string');
  return typeof text === 'string' ? { info: text } : {};
}

/** A schema with its references followed and its alternatives laid side by side. */
function variants(one: Schema, root: Schema, depth = 0): Schema[] {
  if (depth > 8) return [];
  const reference = one.$ref;
  if (typeof reference === 'string') {
    const target = reference.replace(/^#\//, '').split('/').reduce<unknown>((at, key) => (at as Schema | undefined)?.[key], root);
    return target ? variants(target as Schema, root, depth + 1) : [];
  }
  const alternatives = [one.anyOf, one.oneOf, one.allOf].flatMap((each) => (each ?? []) as Schema[]);
  return [one, ...alternatives.flatMap((each) => variants(each, root, depth + 1))];
}

function below(one: Schema, key: string | number, root: Schema): Schema[] {
  const named = (one.properties as Record<string, Schema> | undefined)?.[String(key)];
  const next = typeof key === 'number' ? one.items : (named ?? one.additionalProperties);
  return next && typeof next === 'object' ? variants(next as Schema, root) : [];
}

function fromForm(form: Form, path: Path): Choices {
  const fields = Object.values(form.sections).flat();
  const inside = (place: Path) => place.length > path.length && path.every((key, i) => place[i] === key);
  const keys = [...fields.flatMap((one) => one.places), ...form.space.places].filter(inside).map((place) => place[path.length]);
  const same = (place: Path) => place.length === path.length && path.every((key, i) => place[i] === key);
  const values = fields.filter((one) => one.places.some(same)).flatMap((one) => one.choices ?? []);
  const isEntry = (depth: number) => form.space.places.some((place) => path.length === place.length + depth && place.every((key, i) => path[i] === key));
  const own = form.space.types.flatMap((one) => one.fields);
  if (isEntry(1)) keys.push(form.space.typeKey, ...(form.space.nameKey ? [form.space.nameKey] : []), ...own.map((one) => one.key));
  if (isEntry(2)) {
    const last = path[path.length - 1];
    if (last === form.space.typeKey) values.push(...form.space.types.map((one) => one.type));
    values.push(...own.filter((one) => one.key === last).flatMap((one) => one.choices ?? []));
  }
  return {
    keys: unique(keys.map((key) => ({ label: String(key), type: 'property' }))),
    values: unique(values.map((label) => ({ label, type: 'constant' }))),
  };
}

function unique(found: readonly Completion[]): Completion[] {
  return [...new Map(found.map((one) => [one.label, one])).values()];
}

/** Where the cursor is: in which entry, whether a key or a value is being written, and what of it. */
export interface Spot {
  readonly path: Path;
  readonly isValue: boolean;
  readonly from: number;
}

/** Reads indentation alone, so that it works while the document is half typed. */
export function spotAt(text: string, at: number): Spot {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(start, at);
  const [, spaces, dashes, rest] = /^([ ]*)((?:- )*)(.*)$/.exec(line) as unknown as [string, string, string, string];
  const parents = parentsOf(text.slice(0, start).split('\n'), spaces.length, dashes.length);
  const pair = /^([\w$.-]+):[ ]+(.*)$/.exec(rest);
  if (!pair) return { path: parents, isValue: false, from: at - rest.length };
  const [, key, value] = pair as unknown as [string, string, string];
  const path = [...parents, key];
  if (!value.startsWith('{')) return { path, isValue: true, from: at - value.length };
  const inner = /([\w$-]+):[ ]*([\w$-]*)$/.exec(value);
  if (inner) return { path: [...path, inner[1] as string], isValue: true, from: at - (inner[2] as string).length };
  return { path, isValue: false, from: at - (/[\w$-]*$/.exec(value)?.[0].length ?? 0) };
}

interface Level {
  readonly column: number;
  readonly key: string | number;
}

/** The keys that a line of this indentation stands below. */
function parentsOf(above: readonly string[], spaces: number, dashes: number): Path {
  const open: Level[] = [];
  for (const line of above) {
    const found = /^([ ]*)((?:- )*)([\w$.-]+):/.exec(line);
    if (!found) continue;
    const [, blank, marks, key] = found as unknown as [string, string, string, string];
    enter(open, blank.length, marks.length);
    open.push({ column: blank.length + marks.length, key });
  }
  enter(open, spaces, dashes);
  return open.map((level) => level.key);
}

/** Leaves what a line of this indentation no longer belongs to. A dash may stand right below its key. */
function enter(open: Level[], spaces: number, dashes: number): void {
  const isOver = ({ column, key }: Level) =>
    column > spaces || (column === spaces && (dashes === 0 || typeof key === 'number'));
  while (open.length > 0 && isOver(open[open.length - 1] as Level)) open.pop();
  if (dashes > 0) open.push({ column: spaces, key: 0 });
}
