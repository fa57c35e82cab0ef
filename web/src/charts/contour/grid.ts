import { toNumber } from '../../api/client';
import type { components } from '../../api/schema';
import type { Field } from '../fields';
import type { Places } from '../places';

export type DependenceDocument = components['schemas']['DependenceDocument'];

/** Values over two fields: `values[i * ys.length + j]` stands at `xs[i]`, `ys[j]`; NaN where nothing is known. */
export interface Grid {
  /** Values of the fields, or places of labels, from low to high. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly values: Float64Array;
}

/** What a server's answer says of the middle, and how wide its interval is. */
export function gridsOf(found: DependenceDocument, x: Field, y: Field): { mean: Grid; width: Grid } {
  const [xs, ys] = [placesOf(found.axes[0] ?? [], x), placesOf(found.axes[1] ?? [], y)];
  const mean = Float64Array.from(found.points, (one) => toNumber(one.mean));
  const width = Float64Array.from(found.points, (one) => toNumber(one.high) - toNumber(one.low));
  return { mean: { xs, ys, values: mean }, width: { xs, ys, values: width } };
}

function placesOf(axis: readonly (boolean | number | string)[], field: Field): Float64Array {
  if (field.kind === 'numbers') return Float64Array.from(axis, Number);
  return Float64Array.from(axis, (value) => field.labels.indexOf(typeof value === 'number' ? levelLabel(field, value) : String(value)));
}

/** Levels of numbers are written in fewer digits than they have. */
function levelLabel(field: Field, value: number): string {
  if (field.labels.includes(String(value))) return String(value);
  const near = field.labels.reduce((best, one) => (distance(one, value) < distance(best, value) ? one : best), field.labels[0] ?? '');
  return near;
}

function distance(label: string, value: number): number {
  return Math.abs(Number(label.replaceAll(',', '')) - value);
}

const CELLS = 28;
const MOST_TRIALS = 2500;
/** Within this share of an axis trials are averaged, so that one of them makes no peak. */
const NEARNESS = 0.05;

/** What trials suggest between them: the mean of all results, weighed by nearness. No model stands behind it. */
export function interpolated(x: Places, y: Places, values: Float64Array, places: readonly number[]): Grid {
  const every = Math.ceil(places.length / MOST_TRIALS);
  const known = places
    .filter((i, k) => k % every === 0 && Number.isFinite(values[i]) && !Number.isNaN(x.of(i)) && !Number.isNaN(y.of(i)))
    .map((i) => [x.share(i), y.share(i), values[i] as number] as const);
  const [across, up] = [stations(x), stations(y)];
  const found = new Float64Array(across.length * up.length).fill(NaN);
  for (const [i, a] of across.entries()) {
    for (const [j, b] of up.entries()) {
      let [sum, total] = [0, 0];
      for (const [px, py, value] of known) {
        const weight = 1 / ((a.share - px) ** 2 + (b.share - py) ** 2 + NEARNESS ** 2) ** 2;
        sum += weight * value;
        total += weight;
      }
      if (total > 0) found[i * up.length + j] = sum / total;
    }
  }
  return { xs: Float64Array.from(across, ({ value }) => value), ys: Float64Array.from(up, ({ value }) => value), values: found };
}

function stations(places: Places): readonly { share: number; value: number }[] {
  const { field, range } = places;
  if (field.kind === 'labels') {
    return field.labels.map((_, k) => ({ value: k, share: (places.at(k) - range[0]) / (range[1] - range[0]) }));
  }
  return Array.from({ length: CELLS }, (_, k) => {
    const share = k / (CELLS - 1);
    return { share, value: places.valueAt(range[0] + share * (range[1] - range[0])) };
  });
}

/** A grid of pixels with more lines, its values in proportion between those that are known. */
export function refined(values: Float64Array, xs: readonly number[], ys: readonly number[], times: number) {
  const [columns, rows] = [finer(xs, times), finer(ys, times)];
  const found = new Float64Array(columns.length * rows.length);
  for (let i = 0; i < columns.length; i++) {
    for (let j = 0; j < rows.length; j++) {
      found[j * columns.length + i] = between(values, xs.length, ys.length, i / times, j / times);
    }
  }
  return { columns, rows, values: found };
}

function finer(places: readonly number[], times: number): readonly number[] {
  return Array.from({ length: (places.length - 1) * times + 1 }, (_, k) => placeAt(places, k / times));
}

/** Between two places of a list, in proportion; outside of it, its end. */
export function placeAt(places: readonly number[], at: number): number {
  const inside = Math.min(places.length - 1, Math.max(0, at));
  const i = Math.min(places.length - 2, Math.floor(inside));
  if (places.length === 1) return places[0] as number;
  return (places[i] as number) + (inside - i) * ((places[i + 1] as number) - (places[i] as number));
}

function between(values: Float64Array, columns: number, rows: number, a: number, b: number): number {
  const [i, j] = [Math.min(columns - 2, Math.floor(a)), Math.min(rows - 2, Math.floor(b))];
  const [u, v] = [a - i, b - j];
  const value = (k: number, l: number) => values[k * rows + l] as number;
  return (1 - u) * ((1 - v) * value(i, j) + v * value(i, j + 1)) + u * ((1 - v) * value(i + 1, j) + v * value(i + 1, j + 1));
}
