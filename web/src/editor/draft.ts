import { isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { editedAll, listEdits, type Edit } from './edits';
import { dialectOf, FORMS, type EntryType, type Field, type Form } from './forms';
import { pairEdits } from './pairs';
import { keyOf, Literal, nodeAt, parsed, plainAt, type Path, type Plain, type Writable } from './text';

/** A job document as the visual form shows it. */
export interface Draft {
  readonly form: Form;
  readonly values: (field: Field) => string;
  /** Whether a field can hold what stands at its place; what it cannot is among the others. */
  readonly fits: (field: Field) => boolean;
  readonly parameters: readonly Entry[];
  /** Keys at the top that no field shows; they are kept. */
  readonly others: readonly string[];
}

export interface Entry {
  readonly name: string;
  /** Where the entry stands. */
  readonly path: Path;
  /** A type of the form, `list` for a plain list of values, or what else is written there. */
  readonly type: string;
  readonly fields: ReadonlyMap<string, string | readonly string[]>;
  /** Keys of the entry that its type does not have. */
  readonly others: readonly string[];
}

export interface Slip {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The draft that a text holds, or the first thing that keeps it from being one. */
export function readDraft(text: string): Draft | Slip {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const error = document.errors[0];
  if (error) {
    const at = lines.linePos(error.pos[0]);
    return { line: at.line, column: at.col, message: error.message };
  }
  const whole = plainAt(document, []) ?? new Map();
  if (!(whole instanceof Map)) return { line: 1, column: 1, message: 'a job is a mapping of keys to values' };
  const form = FORMS[dialectOf([...whole.keys()])];
  const values = (field: Field) => shown(nodeAt(document, placeOf(document, field.places, 'scalar')));
  const fits = (field: Field) => isFit(field, plainAt(document, placeOf(document, field.places, 'scalar')));
  return { form, values, fits, parameters: parametersOf(document, form), others: othersOf(whole, form, fits) };
}

export function isSlip(found: Draft | Slip): found is Slip {
  return 'message' in found;
}

/** A line of words takes entries that are no more than a word, and pairs keys without what divides them. */
function isFit({ kind }: Field, plain: Plain | undefined): boolean {
  if (kind !== 'words' && kind !== 'pairs') return true;
  if (plain === undefined || plain === null) return true;
  const isWord = (one: Plain) => one === null || typeof one !== 'object';
  if (kind === 'pairs') return plain instanceof Map && [...(plain as ReadonlyMap<string, Plain>)].every(([key, one]) => isWord(one) && /^[^,:"'()[\]]+$/.test(key));
  return isWord(plain) || (Array.isArray(plain) && (plain as readonly Plain[]).every(isWord));
}

/** What stands at a place as a field shows it: numbers with the digits that were written. */
function shown(node: unknown): string {
  if (isSeq(node)) return node.items.map(shown).join(', ');
  if (isMap(node)) return node.items.map((pair) => `${keyOf(pair)}: ${shown(pair.value)}`.trim()).join(', ');
  if (!isScalar(node) || node.value === null) return '';
  return typeof node.value === 'number' ? (node.source ?? String(node.value)) : String(node.value);
}

function placeOf(document: Document, places: readonly Path[], wanted: 'scalar' | 'collection'): Path {
  const [first] = places as [Path];
  const found = places.find((path) => {
    const plain = plainAt(document, path);
    if (plain === undefined || plain === null) return false;
    return wanted === 'collection' ? typeof plain === 'object' : places.length === 1 || !(plain instanceof Map);
  });
  if (found) return found;
  // A document that has begun in one manner goes on in it.
  const begun = places.find((path) => path.length > 1 && isCollection(document.getIn(path.slice(0, -1) as string[], true)));
  return begun ?? (places.length === 2 && first.length === 2 && places[1]?.length === 1 ? (places[1] as Path) : first);
}

function parametersOf(document: Document, form: Form): Entry[] {
  const path = placeOf(document, form.space.places, 'collection');
  const node = nodeAt(document, path);
  if (isMap(node)) return node.items.map((pair) => entryOf(form, keyOf(pair), [...path, keyOf(pair)], pair.value));
  if (!isSeq(node)) return [];
  const nameKey = form.space.nameKey ?? 'name';
  return node.items.map((one, i) => entryOf(form, isMap(one) ? shown(one.get(nameKey, true)) : '', [...path, i], one));
}

function entryOf(form: Form, name: string, path: Path, node: unknown): Entry {
  if (isSeq(node)) {
    const isPlain = node.items.every((one) => isScalar(one));
    const fields = new Map(isPlain ? [['values', node.items.map(shown)] as const] : []);
    return { name, path, type: isPlain ? 'list' : 'nested', fields, others: [] };
  }
  if (!isMap(node)) return { name, path, type: '', fields: new Map(), others: [] };
  const type = shown(node.get(form.space.typeKey, true));
  const known = form.space.types.find((one) => one.type === type)?.fields ?? [];
  const fields = new Map<string, string | readonly string[]>();
  for (const one of known) {
    const value = node.get(one.key, true);
    fields.set(one.key, one.kind === 'values' && isSeq(value) ? value.items.map(shown) : shown(value));
  }
  const own = new Set([form.space.typeKey, form.space.nameKey, ...known.map((one) => one.key)]);
  return { name, path, type, fields, others: node.items.map(keyOf).filter((key) => !own.has(key)) };
}

function othersOf(whole: ReadonlyMap<string, Plain>, form: Form, fits: (field: Field) => boolean): string[] {
  const fields = Object.values(form.sections).flat().filter(fits);
  const known = new Set([...fields.flatMap((one) => one.places), ...form.space.places].map((path) => path[0]));
  return [...whole.keys()].filter((key) => !known.has(key));
}

/** The edits that put what was typed into a field of the form; an empty field is taken out. */
export function fieldEdits(text: string, field: Field, typed: string): Edit[] {
  const document = parsed(text);
  const path = placeOf(document, field.places, 'scalar');
  const isThere = plainAt(document, path) !== undefined;
  if (typed.trim() === '') return isThere ? [{ do: 'remove', path }] : [];
  if (field.kind === 'pairs') return pairEdits(path, plainAt(document, path), wordsOf(typed));
  if (field.kind === 'words') {
    const old = plainAt(document, path);
    const words = wordsOf(typed);
    return Array.isArray(old) ? listEdits(path, old, words) : [{ do: 'set', path, value: words }];
  }
  const value = written(field.kind, typed);
  // People look for the name of a document at its head.
  if (field.label === 'name' && !isThere && path.length === 1 && isMap(document.contents)) {
    return [{ do: 'insert', path: [], at: 0, key: path[0] as string, value }];
  }
  return [{ do: 'set', path, value }];
}

function written(kind: Field['kind'], typed: string): Writable {
  if (kind === 'flag') return typed === 'true';
  return kind === 'whole' || kind === 'number' ? new Literal(typed) : typed;
}

/** Words between commas; a comma inside brackets or quotes divides nothing. */
export function wordsOf(typed: string): string[] {
  const found = typed.match(/(?:"[^"]*"|'[^']*'|\([^)]*\)|\[[^\]]*\]|[^,])+/g) ?? [];
  return found.map((word) => word.trim()).filter((word) => word !== '');
}

export function typeOf(form: Form, entry: Entry): EntryType | undefined {
  if (entry.type === 'list') return { type: 'list', fields: [{ key: 'values', kind: 'values' }] };
  return form.space.types.find((one) => one.type === entry.type);
}

/** The edits that put what was typed into a field of a parameter. */
export function entryEdits(text: string, entry: Entry, key: string, typed: string | readonly string[]): Edit[] {
  const document = parsed(text);
  const path = entry.type === 'list' ? entry.path : [...entry.path, key];
  const old = plainAt(document, path);
  if (typeof typed !== 'string') {
    const values = typed.map((word) => literal(word, old));
    return Array.isArray(old) ? listEdits(path, old, values) : [{ do: 'set', path, value: values }];
  }
  if (typed.trim() === '') return old === undefined ? [] : [{ do: 'remove', path }];
  return [{ do: 'set', path, value: new Literal(typed) }];
}

/** Values of a list are numbers or texts: a new one is what those beside it are. */
function literal(word: string, beside: Plain | undefined): Writable {
  const isText = Array.isArray(beside) && beside.length > 0 && beside.every((one) => typeof one === 'string');
  return isText ? word : new Literal(word);
}

export function renameEdits(form: Form, entry: Entry, name: string): Edit[] {
  const { nameKey } = form.space;
  if (nameKey) return [{ do: 'set', path: [...entry.path, nameKey], value: name }];
  return [{ do: 'rename', path: entry.path, name }];
}

/** Another type keeps the fields that both have and begins the others anew. */
export function typeEdits(form: Form, entry: Entry, type: string): Edit[] {
  const next = form.space.types.find((one) => one.type === type);
  if (!next) return [];
  if (entry.type === 'list') return [{ do: 'set', path: entry.path, value: { [form.space.typeKey]: type, ...initial(next, entry) } }];
  const edits: Edit[] = [{ do: 'set', path: [...entry.path, form.space.typeKey], value: type }];
  for (const [key, value] of entry.fields) {
    const isKept = next.fields.some((one) => one.key === key);
    if (!isKept && value !== '') edits.push({ do: 'remove', path: [...entry.path, key] });
  }
  for (const one of next.fields) {
    const has = entry.fields.get(one.key);
    if ((has === undefined || has === '') && one.initial !== undefined) {
      edits.push({ do: 'set', path: [...entry.path, one.key], value: writableOf(one.initial) });
    }
  }
  return edits;
}

function initial(type: EntryType, entry?: Entry): { [key: string]: Writable } {
  const found: { [key: string]: Writable } = {};
  for (const one of type.fields) {
    const kept = entry?.fields.get(one.key);
    const value = kept ?? one.initial;
    if (value !== undefined) found[one.key] = writableOf(value);
  }
  return found;
}

function writableOf(value: string | readonly string[]): Writable {
  return typeof value === 'string' ? new Literal(value) : value.map((one) => new Literal(one));
}

/** A new parameter with a name that no other has. */
export function addEdits(text: string, form: Form, entries: readonly Entry[]): Edit[] {
  const names = new Set(entries.map((entry) => entry.name));
  let number = 1;
  while (names.has(`parameter_${number}`)) number += 1;
  const name = `parameter_${number}`;
  const [type] = form.space.types as readonly [EntryType, ...EntryType[]];
  const value = { [form.space.typeKey]: type.type, ...initial(type) };
  const path = placeOf(parsed(text), form.space.places, 'collection');
  const { nameKey } = form.space;
  const isThere = entries.length > 0 || isCollection(parsed(text).getIn(path as string[], true));
  if (nameKey) {
    const entry = { [nameKey]: name, ...value };
    return isThere ? [{ do: 'insert', path, at: entries.length, value: entry }] : [{ do: 'set', path, value: [entry] }];
  }
  return [{ do: 'set', path: [...path, name], value }];
}

/** The document with the ranges of some parameters narrowed or widened; unknown ones stay away. */
export function withRanges(text: string, ranges: ReadonlyMap<string, readonly [string, string]>): string {
  const draft = readDraft(text);
  if (isSlip(draft)) return text;
  const edits = draft.parameters.flatMap((entry) => {
    const range = ranges.get(entry.name);
    const bounds = typeOf(draft.form, entry)?.fields.filter((one) => /^(min|max)/.test(one.key)) ?? [];
    if (!range || bounds.length !== 2) return [];
    return bounds.map((one, i): Edit => ({ do: 'set', path: [...entry.path, one.key], value: new Literal(range[i] as string) }));
  });
  return editedAll(text, edits);
}
