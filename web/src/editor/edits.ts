import { isCollection, isMap, isScalar, isSeq, type Document, type Node, type Pair } from 'yaml';
import { insertItem, placeOf, removeItem, renameKey, replaceNode, replaceScalar, swapItems, type Splice } from './splices';
import { after, keyOf, Literal, nodeAt, parsed, plainAt, plainOfValue, samePlain, scalarText, type Path, type Plain, type Writable } from './text';

/**
 * A change of what a document says. `set` makes what is missing on the way; `insert` puts an entry
 * before the place `at` of the list or map at `path`; `move` exchanges that entry with the next.
 */
export type Edit =
  | { readonly do: 'set'; readonly path: Path; readonly value: Writable }
  | { readonly do: 'remove'; readonly path: Path }
  | { readonly do: 'rename'; readonly path: Path; readonly name: string }
  | { readonly do: 'insert'; readonly path: Path; readonly at: number; readonly key?: string; readonly value: Writable }
  | { readonly do: 'move'; readonly path: Path; readonly at: number };

/** The document cannot be edited but by hand: it does not read as a document. */
export class Unreadable extends Error {}

/**
 * The text after an edit. Only the characters that must change do, so that comments, order, quotes
 * and digits stay as they were. What comes out is read back and must say what was asked for; where
 * it does not, the entry concerned is written anew instead.
 */
export function edited(text: string, edit: Edit): string {
  const document = parsed(text);
  if (document.errors.length > 0) throw new Unreadable(document.errors[0]?.message);
  const said = plainAt(document, []) ?? new Map();
  const wanted = expected(said, edit);
  // Digits may change where the number does not.
  const isLiteral = edit.do === 'set' && edit.value instanceof Literal;
  if (!isLiteral && samePlain(said, wanted)) return text;
  const splice = spliced(text, document, edit);
  if (splice) {
    const found = text.slice(0, splice.from) + splice.insert + text.slice(splice.to);
    if (says(found, wanted)) return found;
  }
  rewrite(document, edit);
  const found = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  if (!says(found, wanted)) throw new Unreadable('the document cannot be changed here');
  return found;
}

export function editedAll(text: string, edits: readonly Edit[]): string {
  return edits.reduce(edited, text);
}

/** The edits that turn one list of scalars into another, so that what stays keeps its comments. */
export function listEdits(path: Path, from: readonly Plain[], to: readonly Writable[]): Edit[] {
  const same = (i: number, j: number) => samePlain(from[i], plainOfValue(to[j] as Writable));
  let head = 0;
  while (head < from.length && head < to.length && same(head, head)) head += 1;
  let tail = 0;
  const most = Math.min(from.length, to.length) - head;
  while (tail < most && same(from.length - 1 - tail, to.length - 1 - tail)) tail += 1;
  const edits: Edit[] = [];
  for (let i = from.length - tail - 1; i >= head; i -= 1) edits.push({ do: 'remove', path: [...path, i] });
  for (let i = head; i < to.length - tail; i += 1) edits.push({ do: 'insert', path, at: i, value: to[i] as Writable });
  return edits;
}

/** The smallest piece in which two texts differ: what an editor is told, so that its cursor stays. */
export function difference(before: string, now: string): Splice | undefined {
  if (before === now) return undefined;
  let from = 0;
  while (from < before.length && from < now.length && before[from] === now[from]) from += 1;
  let end = 0;
  const most = Math.min(before.length, now.length) - from;
  while (end < most && before[before.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return { from, to: before.length - end, insert: now.slice(from, now.length - end) };
}

function says(text: string, wanted: Plain): boolean {
  const document = parsed(text);
  return document.errors.length === 0 && samePlain(plainAt(document, []) ?? new Map(), wanted);
}

function spliced(text: string, document: Document, edit: Edit): Splice | undefined {
  const target = edit.do === 'insert' || edit.do === 'move' ? edit.path : edit.path.slice(0, -1);
  const node = target.length === 0 ? (document.contents as Node | null) : nodeAt(document, target);
  const last = edit.path[edit.path.length - 1] as string | number;
  switch (edit.do) {
    case 'set':
      return setSplice(text, document, edit.path, edit.value);
    case 'insert':
      return node && isCollection(node) ? insertItem(text, node, edit.at, edit.key, edit.value) : undefined;
    case 'move':
      return node ? swapItems(text, node, edit.at) : undefined;
    case 'remove':
      return node ? removeItem(text, node, placeOf(node, last)) : undefined;
    case 'rename':
      return node ? renameKey(node, placeOf(node, last), edit.name) : undefined;
  }
}

function setSplice(text: string, document: Document, path: Path, value: Writable): Splice | undefined {
  const node = nodeAt(document, path);
  if (node && isScalar(node) && isScalarValue(value)) return replaceScalar(text, node, value);
  if (node) return replaceNode(text, node, value);
  const key = path[path.length - 1];
  const parentPath = path.slice(0, -1);
  const parent = parentPath.length === 0 ? (document.contents as Node | null) : nodeAt(document, parentPath);
  if (parent && isMap(parent)) return insertItem(text, parent, parent.items.length, String(key), value);
  if (parentPath.length === 0) {
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    return parent ? undefined : { from: text.length, to: text.length, insert: `${gap}${scalarText(String(key))}:${after(value, 2)}\n` };
  }
  return setSplice(text, document, parentPath, { [String(key)]: value });
}

function isScalarValue(value: Writable): value is Literal | string | number | boolean | null {
  return value === null || typeof value !== 'object' || value instanceof Literal;
}

/** What a document says after an edit of what it said. */
function expected(plain: Plain, edit: Edit): Plain {
  switch (edit.do) {
    case 'set':
      return changed(plain, edit.path, () => plainOfValue(edit.value));
    case 'remove':
      return changed(plain, edit.path.slice(0, -1), (parent) => without(parent, edit.path[edit.path.length - 1] as string | number));
    case 'rename': {
      const old = edit.path[edit.path.length - 1];
      return changed(plain, edit.path.slice(0, -1), (parent) => new Map([...(parent as ReadonlyMap<string, Plain>)].map(([key, one]) => [key === old ? edit.name : key, one])));
    }
    case 'insert':
      return changed(plain, edit.path, (parent) => withItem(parent, edit));
    case 'move':
      return changed(plain, edit.path, (parent) => {
        const items: unknown[] = [...(parent as Iterable<unknown>)];
        items.splice(edit.at, 2, items[edit.at + 1], items[edit.at]);
        return (parent instanceof Map ? new Map(items as [string, Plain][]) : items) as Plain;
      });
  }
}

function withItem(parent: Plain | undefined, edit: Extract<Edit, { do: 'insert' }>): Plain {
  const items: unknown[] = parent === null || parent === undefined ? [] : [...(parent as Iterable<unknown>)];
  const value = plainOfValue(edit.value);
  items.splice(edit.at, 0, edit.key === undefined ? value : [edit.key, value]);
  return (edit.key === undefined ? items : new Map(items as [string, Plain][])) as Plain;
}

function without(parent: Plain | undefined, key: string | number): Plain {
  if (parent instanceof Map) return new Map([...parent].filter(([one]) => one !== key)) as Plain;
  return (parent as readonly Plain[]).filter((_, i) => i !== key);
}

function changed(plain: Plain | undefined, path: Path, change: (found: Plain | undefined) => Plain): Plain {
  if (path.length === 0) return change(plain);
  const [head, ...rest] = path as [string | number, ...(string | number)[]];
  if (Array.isArray(plain)) return (plain as readonly Plain[]).map((one, i) => (i === head ? changed(one, rest, change) : one));
  const found = new Map(plain instanceof Map ? (plain as ReadonlyMap<string, Plain>) : []);
  found.set(String(head), changed(found.get(String(head)), rest, change));
  return found;
}

/** The same edit on the document itself: comments stay, spaces before them may not. */
function rewrite(document: Document, edit: Edit): void {
  const path = [...edit.path];
  const bare = (value: Writable) => document.createNode(plainOfValue(value));
  switch (edit.do) {
    case 'set':
      document.setIn(path, bare(edit.value));
      return;
    case 'remove':
      document.deleteIn(path);
      return;
    case 'rename': {
      const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
      const pair = isMap(parent) ? (parent.items.find((one) => keyOf(one) === path[path.length - 1]) as Pair<unknown, unknown> | undefined) : undefined;
      if (pair && isScalar(pair.key)) pair.key.value = edit.name;
      return;
    }
    case 'insert': {
      if (!isCollection(document.getIn(path, true))) document.setIn(path, document.createNode(edit.key === undefined ? [] : {}));
      const parent = path.length === 0 ? document.contents : document.getIn(path, true);
      if (isSeq(parent)) parent.items.splice(edit.at, 0, bare(edit.value));
      else if (isMap(parent)) parent.items.splice(edit.at, 0, document.createPair(edit.key, bare(edit.value)) as never);
      return;
    }
    case 'move': {
      const parent = path.length === 0 ? document.contents : document.getIn(path, true);
      if (isCollection(parent)) {
        const items = parent.items as unknown[];
        items.splice(edit.at, 2, items[edit.at + 1], items[edit.at]);
      }
    }
  }
}
