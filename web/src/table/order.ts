import type { Trials } from '../state/trials';
import { OBJECTIVE } from '../state/brushes';
import type { Field } from '../charts/fields';

/** What rows are sorted by: a field of the trials, from the first to the last or the other way round. */
export interface Sort {
  readonly key: string;
  readonly isDown: boolean;
}

/** `-name` is from the last to the first. Without a word the best result comes first. */
export function readSort(text: string | null, goal: Trials['goal']): Sort {
  if (text === null || text === '' || text === '-') return { key: OBJECTIVE, isDown: goal === 'maximize' };
  return text.startsWith('-') ? { key: text.slice(1), isDown: true } : { key: text, isDown: false };
}

export function writeSort({ key, isDown }: Sort): string {
  return (isDown ? '-' : '') + key;
}

/**
 * The places of the trials that a mask leaves, sorted by a field. Trials without a value always come
 * last, whichever way it goes; equal ones stay in the order of their numbers.
 */
export function sortedPlaces(trials: Trials, mask: Uint8Array, field: Field | undefined, isDown: boolean): Int32Array {
  const kept = new Int32Array(trials.count);
  let count = 0;
  for (let i = 0; i < trials.count; i++) if (mask[i]) kept[count++] = i;
  const places = kept.subarray(0, count);
  if (field === undefined) return isDown ? places.reverse() : places;
  const { values } = field;
  const sign = isDown ? -1 : 1;
  return places.sort((a, b) => {
    const [x, y] = [values[a] as number, values[b] as number];
    if (x < y) return -sign;
    if (x > y) return sign;
    if (x === y) return a - b;
    return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
  });
}

export interface Hidden {
  readonly failed: number;
  readonly running: number;
}

/** How many trials that somebody may miss are left out: those that failed and those that run. */
export function hiddenOf(trials: Trials, mask: Uint8Array): Hidden {
  let [failed, running] = [0, 0];
  for (let i = 0; i < trials.count; i++) {
    if (mask[i]) continue;
    const status = trials.statuses[i] ?? 'queued';
    if (status === 'running') running += 1;
    else if (FAILURES.has(status)) failed += 1;
  }
  return { failed, running };
}

const FAILURES: ReadonlySet<string> = new Set(['failed', 'no_metric', 'system_error']);

/** An order of trials' numbers that was shown, brought up to now: what went away is left out. */
export function heldPlaces(trials: Trials, numbers: Float64Array): Int32Array {
  const places = new Int32Array(numbers.length);
  let count = 0;
  for (const number of numbers) {
    const place = trials.place(number);
    if (place !== undefined) places[count++] = place;
  }
  return places.subarray(0, count);
}

export function numbersOf(trials: Trials, places: Int32Array): Float64Array {
  return Float64Array.from(places, (place) => trials.number[place] as number);
}

/** How many of the places are not among the numbers that are shown. */
export function newcomers(trials: Trials, places: Int32Array, shown: Float64Array): number {
  const known = new Set(shown);
  let count = 0;
  for (const place of places) if (!known.has(trials.number[place] as number)) count += 1;
  return count;
}

export function isSameOrder(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((place, i) => place === b[i]);
}
