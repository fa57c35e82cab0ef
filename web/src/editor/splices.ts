import { isCollection, isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { after, blockText, flowText, isFlow, keyOf, scalarText, type Literal, type Writable } from './text';

/** A piece of a text and what comes in its place. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

type Item = Pair<Node, Node | null> | Node;
type Scalarish = Literal | string | number | boolean | null;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Puts a scalar in the place of another; everything around it stays. */
export function replaceScalar(text: string, node: Node, value: Scalarish): Splice | undefined {
  if (!isScalar(node) || !node.range) return undefined;
  const [from, to] = node.range;
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return replaceBlock(text, node.range, value);
  const written = scalarText(value, node);
  // A key without a value ends at its colon.
  const gap = from === to && text[from - 1] === ':' ? ' ' : '';
  return { from, to, insert: gap + written };
}

function replaceBlock(text: string, range: readonly number[], value: Scalarish): Splice | undefined {
  if (typeof value !== 'string') return undefined;
  const [from, to] = range as [number, number];
  const header = text.slice(from, text.indexOf('\n', from));
  const indent = /^[ ]*/.exec(text.slice(from + header.length + 1))?.[0] ?? '  ';
  const isPlain = value.trim() === value && value !== '' && !/[\n\t]/.test(value);
  if (!isPlain || !/^[>|]-$/.test(header.trim())) return undefined;
  const tail = text.slice(from, to).endsWith('\n') ? '\n' : '';
  return { from, to, insert: `${header}\n${indent}${value}${tail}` };
}

/** Puts any value in the place of another. */
export function replaceNode(text: string, node: Node, value: Writable): Splice | undefined {
  if (!node.range) return undefined;
  const [from] = node.range;
  const gap = text[from - 1] === ':' ? ' ' : '';
  const to = isScalar(node) && from === node.range[1] ? from : contentEnd(text, node);
  if (isFlow(node) || isScalar(node)) return { from, to, insert: gap + flowText(value) };
  const indent = columnOf(text, from);
  return { from, to, insert: blockText(value, indent) };
}

/** Puts an entry into a map or list before its place `at`. */
export function insertItem(text: string, parent: Node, at: number, key: string | undefined, value: Writable): Splice | undefined {
  if (!isCollection(parent) || !parent.range) return undefined;
  const items = parent.items as Item[];
  if (items.length === 0) return fillEmpty(text, parent, key, value);
  if (isFlow(parent)) {
    const written = key === undefined ? flowText(value) : `${scalarText(key)}: ${flowText(value)}`;
    const next = items[at];
    if (next) return { from: startOf(next), to: startOf(next), insert: `${written}, ` };
    const end = endOf(text, items[items.length - 1] as Item);
    return { from: end, to: end, insert: `, ${written}` };
  }
  const indent = indentOf(text, parent, items[0] as Item);
  if (indent === undefined) return undefined;
  const written = itemText(key, value, indent, items);
  const next = items[at];
  if (next && at === 0 && lineStart(text, startOf(next)) + indent !== markOf(text, parent, next)) return undefined;
  if (next) {
    const from = headOf(text, parent, items, at);
    return { from, to: from, insert: `${' '.repeat(indent)}${written}\n` };
  }
  const end = lineEnd(text, endOf(text, items[items.length - 1] as Item));
  return { from: end, to: end, insert: `\n${' '.repeat(indent)}${written}` };
}

function itemText(key: string | undefined, value: Writable, indent: number, siblings: readonly Item[]): string {
  const isShort = siblings.some((item) => {
    const node = isPair(item) ? (item.value as Node | null) : item;
    return node !== null && isMap(node) && isFlow(node);
  });
  if (key !== undefined) return `${scalarText(key)}:${isShort ? ` ${flowText(value)}` : after(value, indent + 2)}`;
  return `- ${isShort ? flowText(value) : blockText(value, indent + 2)}`;
}

/** An empty list or map is written in brackets: it opens into lines of its own for what is no scalar. */
function fillEmpty(text: string, parent: Node, key: string | undefined, value: Writable): Splice | undefined {
  const [from, to] = parent.range as [number, number, number];
  const isShort = key === undefined && (value === null || typeof value !== 'object' || 'text' in value);
  if (isShort) return { from, to, insert: `[${flowText(value)}]` };
  const line = text.slice(lineStart(text, from), from);
  if (!/^[ ]*(?:- )*[^#'"[{]*:[ ]*$/.test(line)) return undefined;
  const indent = (/^[ ]*(?:- )*/.exec(line)?.[0].length ?? 0) + 2;
  const written = key === undefined ? `- ${blockText(value, indent + 2)}` : `${scalarText(key)}:${after(value, indent + 2)}`;
  const start = from - (/[ ]*$/.exec(line)?.[0].length ?? 0);
  return { from: start, to, insert: `\n${' '.repeat(indent)}${written}` };
}

/** Takes an entry out, with the comments that belong to it. */
export function removeItem(text: string, parent: Node, at: number): Splice | undefined {
  if (!isCollection(parent) || !parent.range) return undefined;
  const items = parent.items as Item[];
  const item = items[at];
  if (!item) return undefined;
  if (items.length === 1) {
    const [from] = parent.range;
    const isList = isSeq(parent);
    const start = isFlow(parent) ? from : headOf(text, parent, items, 0);
    const end = isFlow(parent) ? parent.range[1] : lineEnd(text, endOf(text, item));
    if (isFlow(parent)) return { from: start, to: end, insert: isList ? '[]' : '{}' };
    const before = text.slice(0, start).replace(/\n$/, '');
    if (!before.endsWith(':')) return undefined;
    return { from: before.length, to: end, insert: isList ? ' []' : ' {}' };
  }
  if (isFlow(parent)) {
    const next = items[at + 1];
    if (next) return { from: startOf(item), to: startOf(next), insert: '' };
    return { from: endOf(text, items[at - 1] as Item), to: endOf(text, item), insert: '' };
  }
  if (at === 0 && !startsItsLine(text, parent, item)) {
    return { from: startOf(item), to: startOf(items[1] as Item), insert: '' };
  }
  const from = headOf(text, parent, items, at);
  const end = lineEnd(text, endOf(text, item));
  return end < text.length ? { from, to: end + 1, insert: '' } : { from: Math.max(0, from - 1), to: end, insert: '' };
}

/** Exchanges an entry with the next one; each takes its comments along. */
export function swapItems(text: string, parent: Node, at: number): Splice | undefined {
  if (!isCollection(parent)) return undefined;
  const items = parent.items as Item[];
  const [first, second] = [items[at], items[at + 1]];
  if (!first || !second) return undefined;
  if (isFlow(parent)) return exchange(text, span(text, first), span(text, second));
  if (!startsItsLine(text, parent, first)) return undefined;
  const one = { from: headOf(text, parent, items, at), to: lineEnd(text, endOf(text, first)) };
  const other = { from: headOf(text, parent, items, at + 1), to: lineEnd(text, endOf(text, second)) };
  return exchange(text, one, other);
}

export function renameKey(parent: Node, at: number, name: string): Splice | undefined {
  const pair = isMap(parent) ? (parent.items[at] as Pair<Node, Node | null> | undefined) : undefined;
  if (!pair?.key.range) return undefined;
  const [from, to] = pair.key.range;
  return { from, to, insert: scalarText(name, pair.key) };
}

export function placeOf(parent: Node, key: string | number): number {
  if (typeof key === 'number') return key;
  return isMap(parent) ? parent.items.findIndex((pair) => keyOf(pair) === key) : -1;
}

function exchange(text: string, one: Span, other: Span): Splice {
  const between = text.slice(one.to, other.from);
  return {
    from: one.from,
    to: other.to,
    insert: text.slice(other.from, other.to) + between + text.slice(one.from, one.to),
  };
}

function span(text: string, item: Item): Span {
  return { from: startOf(item), to: endOf(text, item) };
}

function startOf(item: Item): number {
  const node = isPair(item) ? (item.key as Node) : item;
  return node.range?.[0] ?? 0;
}

/** Where the last character of an entry is, without what only follows it. */
function endOf(text: string, item: Item): number {
  if (!isPair(item)) return contentEnd(text, item);
  const value = item.value as Node | null;
  if (value === null || (value.range && value.range[0] === value.range[1])) {
    const end = (item.key as Node).range?.[1] ?? 0;
    return text.indexOf(':', end) + 1;
  }
  return contentEnd(text, value);
}

function contentEnd(text: string, node: Node): number {
  if (isCollection(node) && !isFlow(node) && node.items.length > 0) {
    return endOf(text, node.items[node.items.length - 1] as Item);
  }
  let end = node.range?.[1] ?? 0;
  while (end > 0 && /\s/.test(text[end - 1] as string)) end -= 1;
  return end;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** Where an entry's own mark is: the dash of a list, the key of a map. */
function markOf(text: string, parent: Node, item: Item): number {
  return isSeq(parent) ? text.lastIndexOf('-', startOf(item) - 1) : startOf(item);
}

function indentOf(text: string, parent: Node, item: Item): number | undefined {
  const mark = markOf(text, parent, item);
  return mark < 0 ? undefined : columnOf(text, mark);
}

function startsItsLine(text: string, parent: Node, item: Item): boolean {
  const mark = markOf(text, parent, item);
  return text.slice(lineStart(text, mark), mark).trim() === '';
}

/** The start of the line where an entry begins, or of the comments right above that belong to it. */
function headOf(text: string, parent: Node, items: readonly Item[], at: number): number {
  const item = items[at] as Item;
  const mark = markOf(text, parent, item);
  const indent = columnOf(text, mark);
  const floor = at > 0 ? lineEnd(text, endOf(text, items[at - 1] as Item)) + 1 : 0;
  let from = lineStart(text, mark);
  for (;;) {
    const above = lineStart(text, from - 1);
    if (from === 0 || above < floor) return from;
    const line = text.slice(above, from - 1);
    if (!line.trim().startsWith('#') || line.length - line.trimStart().length !== indent) return from;
    from = above;
  }
}
