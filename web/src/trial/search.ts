/** A part of a text; `isFound` where it is what was looked for. */
export interface Piece {
  readonly text: string;
  readonly isFound: boolean;
}

const MOST = 2000;

/** A text cut at each place where a word stands, whatever its case; the first 2,000 places. */
export function cutAt(text: string, word: string): readonly Piece[] {
  if (word === '') return [{ text, isFound: false }];
  const found: Piece[] = [];
  const sought = new RegExp(word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu');
  let from = 0;
  let count = 0;
  for (const hit of text.matchAll(sought)) {
    if (count++ === MOST) break;
    if (hit.index > from) found.push({ text: text.slice(from, hit.index), isFound: false });
    found.push({ text: hit[0], isFound: true });
    from = hit.index + hit[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), isFound: false });
  return found;
}
