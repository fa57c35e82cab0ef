import { isCollection, isMap, isScalar, isSeq, parseDocument, Scalar, stringify, type Document, type Node, type Pair, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';

/** Where something stands in a document: keys of maps and places in lists. */
export type Path = readonly (string | number)[];

/** A scalar as somebody typed it: a number keeps its digits, `1e-5` stays `1e-5`. */
export class Literal {
  constructor(readonly text: string) {}
}

/** What a document holds, keys in their order. */
export type Plain = string | number | boolean | null | readonly Plain[] | ReadonlyMap<string, Plain>;

/** What can be written into a document. */
export type Writable = Literal | string | number | boolean | null | readonly Writable[] | { readonly [key: string]: Writable };

export function parsed(text: string): Document.Parsed<ParsedNode> {
  return parseDocument(text, { keepSourceTokens: true });
}

/** The collection or scalar at a path; undefined where there is none. */
export function nodeAt(document: Document, path: Path): Node | undefined {
  const found = document.getIn(path as (string | number)[], true);
  return isScalar(found) || isCollection(found) ? found : undefined;
}

export function plainAt(document: Document, path: Path): Plain | undefined {
  const node = path.length === 0 ? (document.contents as Node | null) : nodeAt(document, path);
  return node ? plainOf(node) : undefined;
}

function plainOf(node: unknown): Plain {
  if (isMap(node)) return new Map(node.items.map((pair) => [keyOf(pair), plainOf(pair.value)]));
  if (isSeq(node)) return node.items.map(plainOf);
  if (isScalar(node)) return node.value as Plain;
  return null;
}

export function keyOf(pair: Pair<unknown, unknown>): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

export function samePlain(a: Plain | undefined, b: Plain | undefined): boolean {
  if (a instanceof Map && b instanceof Map) {
    const [left, right] = [[...a], [...b]];
    return left.length === right.length && left.every(([key, one], i) => key === right[i]?.[0] && samePlain(one, right[i]?.[1]));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, i) => samePlain(one as Plain, b[i] as Plain));
  }
  return Object.is(a, b);
}

/** What `value` reads back as. */
export function plainOfValue(value: Writable): Plain {
  if (value instanceof Literal) return (parsed(scalarText(value)).toJS() ?? null) as Plain;
  if (Array.isArray(value)) return value.map(plainOfValue);
  if (value !== null && typeof value === 'object') {
    return new Map(Object.entries(value).map(([key, one]) => [key, plainOfValue(one)]));
  }
  return value as Plain;
}

/** Numbers, booleans and null are written bare; whatever else was typed is text, quoted if it must be. */
const BARE = /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|true|false|null|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

export function scalarText(value: Literal | string | number | boolean | null, like?: Node): string {
  if (value instanceof Literal) {
    const text = value.text.trim();
    return BARE.test(text) ? text : scalarText(value.text, like);
  }
  if (typeof value !== 'string') return value === null ? 'null' : String(value);
  const scalar = new Scalar(value);
  if (isScalar(like) && (like.type === 'QUOTE_DOUBLE' || like.type === 'QUOTE_SINGLE')) scalar.type = like.type;
  else if (value.includes('\n')) scalar.type = 'QUOTE_DOUBLE';
  // Inside brackets more characters have a meaning; what is safe there is safe everywhere.
  const inList = stringify([scalar], { collectionStyle: 'flow', lineWidth: 0 });
  return inList.slice(inList.indexOf('[') + 1, inList.lastIndexOf(']')).trim();
}

/** On one line, in brackets. */
export function flowText(value: Writable): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (value !== null && typeof value === 'object' && !(value instanceof Literal)) {
    const pairs = Object.entries(value).map(([key, one]) => `${scalarText(key)}: ${flowText(one)}`);
    return `{${pairs.join(', ')}}`;
  }
  return scalarText(value as Literal | string | number | boolean | null);
}

/** The lines of a map, the first without its indentation; lists of scalars stay on one line. */
export function blockText(value: Writable, indent: number): string {
  if (value === null || typeof value !== 'object' || value instanceof Literal || Array.isArray(value)) return flowText(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  return entries
    .map(([key, one]) => `${scalarText(key)}:${after(one, indent + 2)}`)
    .join(`\n${' '.repeat(indent)}`);
}

/** What follows the colon of a key: on the same line, or a map below it. */
export function after(value: Writable, indent: number): string {
  const isMapping = value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Literal);
  if (isMapping && Object.keys(value).length > 0) return `\n${' '.repeat(indent)}${blockText(value, indent)}`;
  return ` ${flowText(value)}`;
}

export type Collection = YAMLMap<ParsedNode, ParsedNode | null> | YAMLSeq<ParsedNode>;

export function isFlow(node: Node): boolean {
  return isCollection(node) && node.flow === true;
}
