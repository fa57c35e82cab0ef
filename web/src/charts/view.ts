import { computed } from '@preact/signals';
import { query, setQuery } from '../state/router';
import { fieldOf, type Field } from './fields';
import type { ScaleKind } from './scales';

/** The kinds of charts, in the order of the rail. */
export const CHARTS = ['curves', 'parallel', 'scatter', 'scatter3d', 'slice', 'contour', 'importance', 'pareto'] as const;
export type ChartKind = (typeof CHARTS)[number];

export function isChartKind(word: string): word is ChartKind {
  return (CHARTS as readonly string[]).includes(word);
}

/** A field that the address names under this word, or another one. */
export function chosenField(fields: readonly Field[], word: string, other: Field): Field {
  return fieldOf(fields, query.value.get(word)) ?? other;
}

/** The scale of an axis: what the address says, else that of what stands on it. */
export function chosenScale(word: string, field: Field): ScaleKind {
  const asked = query.value.get(`${word}s`);
  return asked === 'log' || asked === 'linear' ? asked : field.scale;
}

export function chooseField(word: string, key: string): void {
  setQuery({ [word]: key, [`${word}s`]: null });
}

export function chooseScale(word: string, field: Field, scale: ScaleKind): void {
  setQuery({ [`${word}s`]: scale === field.scale ? null : scale });
}

const MOST_WRITTEN = 1200;

/** The numbers of trials that were chosen by hand: `sel=3,7-12`. */
export const chosenTrials = computed<ReadonlySet<number>>(() => readNumbers(query.value.get('sel') ?? ''));

/** False where they are too many for an address. */
export function chooseTrials(numbers: Iterable<number>): boolean {
  const text = writeNumbers(numbers);
  if (text.length > MOST_WRITTEN) return false;
  setQuery({ sel: text || null });
  return true;
}

export function readNumbers(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [from, to] = part.split('-').map(Number);
    if (!Number.isInteger(from) || part === '') continue;
    const last = to === undefined ? (from as number) : to;
    for (let one = from as number; one <= last && found.size < 100_000; one++) found.add(one);
  }
  return found;
}

export function writeNumbers(numbers: Iterable<number>): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const one of sorted) {
    const run = runs.at(-1);
    if (run && run[1] === one - 1) run[1] = one;
    else runs.push([one, one]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
