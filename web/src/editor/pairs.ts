import type { Edit } from './edits';
import type { Path, Plain, Writable } from './text';

type Pair = readonly [string, string | null];

/** `accuracy: maximize` as a key and its value; a word without a colon is a key without one. */
function pairOf(word: string): Pair {
  const [, key = word, value = ''] = /^(.*?)\s*:\s*([^:]*)$/.exec(word) ?? [];
  return [key.trim(), value.trim() || null];
}

/** The edits that turn what stands at a path into a map of these words, so that what stays keeps its comments. */
export function pairEdits(path: Path, old: Plain | undefined, words: readonly string[]): Edit[] {
  const wanted = new Map(words.map(pairOf));
  if (!(old instanceof Map)) return [{ do: 'set', path, value: Object.fromEntries(wanted) as Writable }];
  const from = old as ReadonlyMap<string, Plain>;
  const gone = [...from.keys()].filter((key) => !wanted.has(key)).map((key): Edit => ({ do: 'remove', path: [...path, key] }));
  const set = [...wanted].filter(([key, value]) => from.get(key) !== value || !from.has(key)).map(([key, value]): Edit => ({ do: 'set', path: [...path, key], value }));
  const kept = [...from.keys()].filter((key) => wanted.has(key));
  const now = [...kept, ...[...wanted.keys()].filter((key) => !from.has(key))];
  // What is new comes before what went: a map without an entry is no longer a place to put one.
  return [...set, ...gone, ...moves(path, now, [...wanted.keys()])];
}

/** The exchanges of neighbours that bring keys into another order. */
function moves(path: Path, keys: readonly string[], wanted: readonly string[]): Edit[] {
  const now = [...keys];
  const found: Edit[] = [];
  for (const [to, key] of wanted.entries()) {
    for (let at = now.indexOf(key) - 1; at >= to; at -= 1) {
      [now[at], now[at + 1]] = [now[at + 1] as string, now[at] as string];
      found.push({ do: 'move', path, at });
    }
  }
  return found;
}
