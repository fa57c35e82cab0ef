import type { Parameter } from '../../state/job';
import { OBJECTIVE } from '../../state/brushes';
import { value as shown } from '../../state/format';
import type { Column, Trials } from '../../state/trials';
import { axis, extent, robustExtent, type Axis, type ScaleKind } from '../scales';

/** One axis: where each trial stands on it, from 0 (low) to 1 (high). */
export interface ParallelAxis {
  /** A parameter's name, or `OBJECTIVE`. */
  readonly name: string;
  readonly title: string;
  readonly isObjective: boolean;
  readonly kind: 'numbers' | 'labels';
  readonly scale: ScaleKind;
  /** NaN where a trial has no such value: it stands on the rail below. */
  readonly places: Float32Array;
  readonly missing: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** The texts of an axis of labels, from low to high. */
  readonly labels: readonly string[];
  /** The place of a value, and the value at a place. */
  at(value: number): number;
  valueAt(place: number): number;
}

/** How a view of the axes differs from the one that comes by itself. */
export interface AxisChoice {
  readonly name: string;
  readonly isInverted: boolean;
  /** True where log and linear are swapped against the parameter's own scale. */
  readonly isSwapped: boolean;
}

const TICKS = 6;
const JITTER = 0.034;
const MOST_LABELS = 24;

export function axisOf(trials: Trials, choice: AxisChoice, parameter: Parameter | undefined): ParallelAxis | undefined {
  const isObjective = choice.name === OBJECTIVE;
  const column: Column | undefined = isObjective
    ? { kind: 'numbers', values: trials.objective }
    : trials.parameters.get(choice.name);
  if (column === undefined) return undefined;
  const title = isObjective ? trials.metric : choice.name;
  const base = { name: choice.name, title, isObjective };
  const made =
    column.kind === 'codes'
      ? labelled(column.labels.map(String), column.codes)
      : parameter?.kind === 'discrete'
        ? discrete(parameter.choices.map(Number), column.values)
        : numeric(column.values, parameter, scaleKind(parameter, choice), isObjective, trials);
  const missing = made.places.reduce((sum, place) => sum + (Number.isNaN(place) ? 1 : 0), 0);
  const found = { ...base, ...made, missing };
  return choice.isInverted ? inverted(found) : found;
}

function scaleKind(parameter: Parameter | undefined, choice: AxisChoice): ScaleKind {
  const own = parameter !== undefined && 'scale' in parameter && parameter.scale === 'log' ? 'log' : 'linear';
  if (!choice.isSwapped) return own;
  return own === 'log' ? 'linear' : 'log';
}

type Made = Omit<ParallelAxis, 'name' | 'title' | 'isObjective' | 'missing'>;

function numeric(
  values: Float64Array,
  parameter: Parameter | undefined,
  scale: ScaleKind,
  isObjective: boolean,
  trials: Trials,
): Made {
  const found: Axis = axis(scale, domainOf(values, parameter, isObjective, trials), [0, 1]);
  const clamped = (value: number) => Math.min(1, Math.max(0, found.at(value)));
  return {
    kind: 'numbers',
    scale,
    places: Float32Array.from(values, (value) => (Number.isFinite(value) ? clamped(value) : NaN)),
    ticks: found.ticks(TICKS).map((tick) => ({ at: found.at(tick), label: found.label(tick) })),
    labels: [],
    at: (value) => found.at(value),
    valueAt: (place) => found.valueAt(place),
  };
}

/** A parameter's whole range; of the objective what most trials reach, its far end at the edge. */
function domainOf(
  values: Float64Array,
  parameter: Parameter | undefined,
  isObjective: boolean,
  trials: Trials,
): [number, number] {
  if (isObjective) {
    const [low, high] = extent(values);
    const [usualLow, usualHigh] = robustExtent(values, 0.06);
    const isLow = trials.goal === 'minimize';
    const spread = usualHigh - usualLow;
    if (isLow) return [low, Math.min(high, usualHigh + spread)];
    return [Math.max(low, usualLow - spread), high];
  }
  const [low, high] = extent(values);
  if (parameter === undefined || !('min' in parameter)) return [low, high];
  const [min, max] = [Number(parameter.min), Number(parameter.max)];
  // Trials from elsewhere may lie beyond.
  return [Number.isNaN(low) ? min : Math.min(min, low), Number.isNaN(high) ? max : Math.max(max, high)];
}

/** A few numbers stand at equal distances: 16, 32, 64 and 128 as well as 1, 2 and 1000. */
function discrete(choices: readonly number[], values: Float64Array): Made {
  const known = [...new Set([...choices, ...values].filter(Number.isFinite))].sort((a, b) => a - b);
  const spots = new Map(known.map((value, i) => [value, spot(i, known.length)]));
  return {
    kind: 'numbers',
    scale: 'linear',
    places: Float32Array.from(values, (value, i) => jittered(spots.get(value), i, known.length)),
    ticks: thinned(known.map((value, i) => ({ at: spot(i, known.length), label: shown(value) }))),
    labels: [],
    at: (value) => between(known, value),
    valueAt: (place) => valueBetween(known, place),
  };
}

function labelled(labels: readonly string[], codes: Int32Array): Made {
  const all = labels.length;
  return {
    kind: 'labels',
    scale: 'linear',
    places: Float32Array.from(codes, (code, i) => jittered(code < 0 ? undefined : spot(code, all), i, all)),
    ticks: thinned(labels.map((label, i) => ({ at: spot(i, all), label }))),
    labels,
    at: (code) => spot(code, all),
    valueAt: (place) => place * all - 0.5,
  };
}

function spot(i: number, all: number): number {
  return (i + 0.5) / Math.max(1, all);
}

/** Trials with the same label lie beside each other, not behind; the same trial always as far. */
function jittered(place: number | undefined, i: number, all: number): number {
  if (place === undefined) return NaN;
  const noise = ((i * 0.6180339887) % 1) - 0.5;
  return place + noise * Math.min(JITTER, 0.4 / Math.max(1, all));
}

function thinned<T>(ticks: readonly T[]): readonly T[] {
  const every = Math.ceil(ticks.length / MOST_LABELS);
  return ticks.filter((_, i) => i % every === 0);
}

/** The place of a value among known ones, and between them in proportion. */
function between(known: readonly number[], value: number): number {
  const i = known.findIndex((one) => one >= value);
  if (i < 0) return 1;
  if (i === 0) return value === known[0] ? spot(0, known.length) : 0;
  const [a, b] = [known[i - 1] as number, known[i] as number];
  return spot(i - 1 + (value - a) / (b - a), known.length);
}

function valueBetween(known: readonly number[], place: number): number {
  const at = place * known.length - 0.5;
  const i = Math.floor(at);
  if (i < 0) return known[0] ?? NaN;
  if (i >= known.length - 1) return known.at(-1) ?? NaN;
  return (known[i] as number) + (at - i) * ((known[i + 1] as number) - (known[i] as number));
}

function inverted(given: ParallelAxis): ParallelAxis {
  return {
    ...given,
    places: given.places.map((place) => 1 - place),
    ticks: given.ticks.map(({ at, label }) => ({ at: 1 - at, label })),
    at: (value) => 1 - given.at(value),
    valueAt: (place) => given.valueAt(1 - place),
  };
}

/** From worst (0) to best (1) for each trial, NaN where it has no result. */
export function shares(trials: Trials): Float32Array {
  const [low, high] = robustExtent(trials.objective);
  const span = high - low || 1;
  return Float32Array.from(trials.objective, (value) => {
    if (!Number.isFinite(value)) return NaN;
    const share = Math.min(1, Math.max(0, (value - low) / span));
    return trials.goal === 'minimize' ? 1 - share : share;
  });
}
