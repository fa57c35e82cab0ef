import type { Entry } from './draft';
import type { Dialect } from './forms';

/** What values a parameter would be given, evenly over what it is drawn from. */
export interface Samples {
  /** The share of the values in each of equal parts of the range, on a plain axis; they sum up to 1. */
  readonly shares: readonly number[];
  readonly low: number;
  readonly high: number;
  /** Half of the values lie below. */
  readonly median: number;
}

const COUNT = 1000;
const BINS = 24;

/** Undefined where there is nothing to be drawn, as while a range is half typed, and for plain choices. */
export function samplesOf(dialect: Dialect, entry: Entry): Samples | undefined {
  const quantile = quantileOf(dialect, entry);
  if (!quantile) return undefined;
  const step = numberOf(entry, 'q');
  const values = Array.from({ length: COUNT }, (_, k) => rounded(quantile((k + 0.5) / COUNT), step));
  const [low, high] = [values[0] as number, values.at(-1) as number];
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high) return undefined;
  const bins = Math.min(BINS, new Set(values).size);
  const shares = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    shares[bin] = (shares[bin] as number) + 1 / COUNT;
  }
  return { shares, low, high, median: rounded(quantile(0.5), step) };
}

type Quantile = (share: number) => number;

function quantileOf(dialect: Dialect, entry: Entry): Quantile | undefined {
  const type = entry.type.toLowerCase();
  const bare = type.replace(/^q/, '');
  if (bare === 'normal' || bare === 'lognormal') return bell(entry, bare === 'lognormal');
  if (bare === 'randint') {
    const upper = numberOf(entry, 'upper');
    return upper > 1 ? (share) => Math.floor(share * upper) : undefined;
  }
  const [low, high] = [numberOf(entry, 'min', 'min_value', 'minValue'), numberOf(entry, 'max', 'max_value', 'maxValue')];
  if (!(low < high)) return undefined;
  // Azure's bounds of a log scale are the logarithms.
  if (bare === 'loguniform' && dialect === 'azure_ml') return (share) => Math.exp(low + share * (high - low));
  if (type !== 'integer') return between(low, high, bare === 'loguniform' ? 'log' : scaleOf(entry));
  // Each whole number stands for what is rounded to it, the first and the last one too.
  const drawn = between(low - 0.5, high + 0.5, scaleOf(entry));
  return drawn && ((share) => Math.min(high, Math.max(low, Math.round(drawn(share)))));
}

function scaleOf(entry: Entry): string {
  const given = ['scale', 'scale_type', 'scaleType'].map((key) => entry.fields.get(key)).find((one) => typeof one === 'string' && one !== '');
  return String(given ?? 'linear').toLowerCase().replace(/^unit_|_scale$/g, '');
}

function between(low: number, high: number, scale: string): Quantile | undefined {
  if (scale !== 'log' && scale !== 'reverse_log') return (share) => low + share * (high - low);
  if (low <= 0) return undefined;
  const span = Math.log(high / low);
  const log: Quantile = (share) => low * Math.exp(share * span);
  return scale === 'log' ? log : (share) => low + high - log(1 - share);
}

/** Without its last hundredths, which reach to infinity. */
function bell(entry: Entry, isLog: boolean): Quantile | undefined {
  const [mu, sigma] = [numberOf(entry, 'mu'), numberOf(entry, 'sigma')];
  if (!Number.isFinite(mu) || !(sigma > 0)) return undefined;
  return (share) => {
    const value = mu + sigma * probit(0.01 + 0.98 * share);
    return isLog ? Math.exp(value) : value;
  };
}

/** The normal quantile to two digits (Shore, 1982): enough for a picture. */
function probit(share: number): number {
  if (share < 0.5) return -probit(1 - share);
  return 5.5556 * (1 - ((1 - share) / share) ** 0.1186);
}

function rounded(value: number, step: number): number {
  return step > 0 ? Math.round(value / step) * step : value;
}

function numberOf(entry: Entry, ...keys: readonly string[]): number {
  const text = keys.map((key) => entry.fields.get(key)).find((one) => one !== undefined);
  return typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN;
}
