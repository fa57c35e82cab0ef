import { quantileSorted } from 'd3-array';
import { toNumber } from '../../api/client';
import type { components } from '../../api/schema';
import type { Trials } from '../../state/trials';

export type CurveDocument = components['schemas']['CurveDocument'];
export type Over = 'step' | 'time';

/** What one trial reported of a metric. */
export interface Line {
  /** Its place among the trials, and its number. */
  readonly place: number;
  readonly trial: number;
  /** Steps, or seconds since the trial began; never less than the one before. */
  readonly xs: Float64Array;
  /** NaN where that was reported: the line is broken there. */
  readonly ys: Float64Array;
  /** How many reports there are; the line may have been thinned out. */
  readonly reports: number;
}

/** The curves of these trials, in their order; those that reported nothing have none. */
export function linesOf(
  curves: ReadonlyMap<number, CurveDocument>,
  trials: Trials,
  places: Iterable<number>,
  over: Over,
): readonly Line[] {
  const found: Line[] = [];
  for (const place of places) {
    const trial = trials.number[place] as number;
    const curve = curves.get(trial);
    if (curve === undefined || curve.value.length === 0) continue;
    const began = trials.started[place] as number;
    const xs = over === 'step' ? Float64Array.from(curve.step) : Float64Array.from(curve.time, (time) => Math.max(0, toNumber(time) - began));
    found.push({ place, trial, xs, ys: Float64Array.from(curve.value, toNumber), reports: curve.reports });
  }
  return found;
}

/**
 * Each value drawn towards those before it, with weights that fall by `weight` from report to report;
 * what is missing at the beginning is made up for, so that a line begins where its first report is.
 */
export function smoothed(ys: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return ys;
  let [sum, total] = [0, 0];
  return ys.map((y) => {
    if (!Number.isFinite(y)) return y;
    sum = weight * sum + (1 - weight) * y;
    total = weight * total + (1 - weight);
    return sum / total;
  });
}

export interface Band {
  readonly xs: Float64Array;
  readonly low: Float64Array;
  readonly middle: Float64Array;
  readonly high: Float64Array;
}

const STATIONS = 120;
const LEAST_LINES = 3;

/** The middle half of the lines and their median, where at least three of them have come. */
export function bandOf(lines: readonly Line[]): Band | undefined {
  const xs = stations(lines);
  const rows: [number, number, number, number][] = [];
  const at = new Int32Array(lines.length);
  for (const x of xs) {
    const here: number[] = [];
    for (const [k, line] of lines.entries()) {
      let i = at[k] as number;
      while (i < line.xs.length && (line.xs[i] as number) <= x) i += 1;
      at[k] = i;
      const isOver = i === line.xs.length && (line.xs[i - 1] as number) < x;
      const y = line.ys[i - 1] as number;
      if (i > 0 && !isOver && Number.isFinite(y)) here.push(y);
    }
    if (here.length < LEAST_LINES) continue;
    here.sort((a, b) => a - b);
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantileSorted(here, share) as number);
    rows.push([x, low as number, middle as number, high as number]);
  }
  if (rows.length < 2) return undefined;
  const column = (k: number) => Float64Array.from(rows, (row) => row[k] as number);
  return { xs: column(0), low: column(1), middle: column(2), high: column(3) };
}

/** Where something was reported, thinned out to as many as a chart shows. */
function stations(lines: readonly Line[]): readonly number[] {
  const all = new Set<number>();
  for (const { xs } of lines) for (const x of xs) all.add(x);
  const sorted = [...all].sort((a, b) => a - b);
  if (sorted.length <= STATIONS) return sorted;
  return Array.from({ length: STATIONS }, (_, k) => sorted[Math.floor((k * (sorted.length - 1)) / (STATIONS - 1))] as number);
}

/** The place in a line whose x is nearest. */
export function nearestIndex(xs: Float64Array, x: number): number {
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  const before = low - 1;
  return before >= 0 && x - (xs[before] as number) < (xs[low] as number) - x ? before : low;
}
