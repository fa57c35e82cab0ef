import { quantileSorted } from 'd3-array';
import { format } from 'd3-format';
import { scaleLinear, scaleLog } from 'd3-scale';

export type ScaleKind = 'linear' | 'log';

/** From values to pixels and back, with ticks. */
export interface Axis {
  readonly kind: ScaleKind;
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  at(value: number): number;
  valueAt(pixel: number): number;
  ticks(count: number): readonly number[];
  label(tick: number): string;
}

export function axis(kind: ScaleKind, domain: readonly [number, number], range: readonly [number, number]): Axis {
  const [low, high] = widened(kind, domain);
  const scale = (kind === 'log' ? scaleLog() : scaleLinear()).domain([low, high]).range(range);
  return {
    kind,
    domain: [low, high],
    range,
    at: (value) => scale(value) as number,
    valueAt: (pixel) => scale.invert(pixel),
    ticks: (count) => thinned(scale.ticks(count), kind, count),
    label: kind === 'log' ? powerLabel(low, high) : linearLabel(low, high),
  };
}

/** A log axis of many powers has a tick at each of ten's, or at some of these. */
function thinned(ticks: readonly number[], kind: ScaleKind, count: number): readonly number[] {
  if (kind === 'linear' || ticks.length <= count) return ticks;
  const powers = ticks.filter((tick) => Number.isInteger(round12(Math.log10(tick))));
  if (powers.length < 2) return ticks.filter((_, i) => i % Math.ceil(ticks.length / count) === 0);
  const every = Math.ceil(powers.length / count);
  return powers.filter((_, i) => i % every === 0);
}

function round12(value: number): number {
  return Math.round(value * 1e12) / 1e12;
}

/** One value only is a range, too; a log axis begins above 0. */
function widened(kind: ScaleKind, [low, high]: readonly [number, number]): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return kind === 'log' ? [1, 10] : [0, 1];
  if (kind === 'log' && low <= 0) return [Math.max(high, 1e-12) / 1e6, Math.max(high, 1e-12)];
  if (low !== high) return [low, high];
  if (kind === 'log') return [low / 2, high * 2];
  const half = Math.abs(low) / 10 || 1;
  return [low - half, high + half];
}

const powers = format('~e');
const plain = format('.3~r');

/** All ticks of an axis are written in one way. */
function powerLabel(low: number, high: number): (tick: number) => string {
  const isPlain = low >= 0.01 && high < 100_000;
  return (tick) => (isPlain ? plain(tick) : powers(tick).replace('e+', 'e')).replace('−', '-');
}

function linearLabel(low: number, high: number): (tick: number) => string {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size >= 1e6 || size < 1e-3) return (tick) => (tick === 0 ? '0' : powers(Number(tick.toPrecision(4))).replace('e+', 'e'));
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10((high - low) / 2 || 1))));
  return (tick) => Number(tick.toFixed(digits)).toLocaleString('en', { maximumFractionDigits: digits });
}

/** The finite values from least to greatest; NaN in both where there is none. */
export function extent(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [NaN, NaN];
}

/** At least one value, sorted. The types of the library know arrays only. */
export const quantileOf = quantileSorted as unknown as (sorted: ArrayLike<number>, share: number) => number;

/** The finite values, the least first. */
export function finiteSorted(values: ArrayLike<number>): Float64Array {
  const found = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isFinite(value)) found[count++] = value;
  }
  return found.subarray(0, count).sort();
}

/** What most finite values span: one that is far out must not make all others look the same. */
export function robustExtent(values: ArrayLike<number>, share = 0.05): [number, number] {
  const finite = finiteSorted(values);
  if (finite.length === 0) return [NaN, NaN];
  const [low, high] = [quantileOf(finite, share), quantileOf(finite, 1 - share)];
  return low < high ? [low, high] : extent(finite);
}

/** An axis of what is counted, such as trials and steps: there is nothing between two of them. */
export function wholeAxis(domain: readonly [number, number], range: readonly [number, number]): Axis {
  const found = axis('linear', domain, range);
  return { ...found, ticks: (count) => found.ticks(count).filter(Number.isInteger) };
}

const TIMES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** An axis of seconds from 0 on, with ticks at times that people count in. */
export function timeAxis(most: number, range: readonly [number, number]): Axis {
  const found = axis('linear', [0, Math.max(1, most)], range);
  return {
    ...found,
    ticks: (count) => {
      const wanted = most / Math.max(1, count);
      const days = Math.ceil(wanted / 86_400) * 86_400;
      const step = TIMES.find((one) => one >= wanted) ?? days;
      return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
    },
  };
}
