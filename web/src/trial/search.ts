import type { Look } from './escapes';

/** Where something stands in a text: its first character and the one behind its last. */
export type Span = readonly [from: number, to: number];

/** A part of a text in one look; `hit` counts the places that were looked for, from 0. */
export interface Piece {
  readonly text: string;
  readonly look: string;
  readonly hit: number | undefined;
}

/** Each place where a word stands in a text, whatever its case. */
export function placesOf(text: string, word: string): readonly Span[] {
  if (word === '') return [];
  const sought = new RegExp(word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu');
  return Array.from(text.matchAll(sought), ({ 0: found, index }) => [index, index + found.length] as const);
}

/** A text cut wherever its look changes or a place begins or ends. */
export function cut(text: string, looks: readonly Look[], hits: readonly Span[]): readonly Piece[] {
  const edges = new Set([0, text.length, ...looks.flatMap(({ from, to }) => [from, to]), ...hits.flat()]);
  const sorted = [...edges].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  let [look, hit] = [0, 0];
  for (const [i, to] of sorted.entries()) {
    const from = sorted[i - 1];
    if (from === undefined) continue;
    while ((looks[look]?.to ?? Infinity) <= from) look += 1;
    while ((hits[hit]?.[1] ?? Infinity) <= from) hit += 1;
    pieces.push({
      text: text.slice(from, to),
      look: (looks[look]?.from ?? Infinity) <= from ? (looks[look] as Look).name : '',
      hit: (hits[hit]?.[0] ?? Infinity) <= from ? hit : undefined,
    });
  }
  return pieces;
}
