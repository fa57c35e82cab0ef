import type { Parameter } from '../state/job';
import { OBJECTIVE } from '../state/brushes';
import { value as shown } from '../state/format';
import { words } from '../i18n/words';
import { STATUSES } from '../state/statuses';
import { durationOf, labelOf, type CodesColumn, type Trials } from '../state/trials';
import { extent, robustExtent, type ScaleKind } from './scales';

/** Something of each trial that can stand on an axis, or give a colour or a size. */
export interface Field {
  /** Names it in addresses: a parameter's name, or a word that begins with `*`. */
  readonly key: string;
  readonly title: string;
  readonly kind: 'numbers' | 'labels';
  /** A number of each trial, or the place of its label; NaN where it has none. */
  readonly values: Float64Array;
  /** What stands at the places 0, 1, 2…; empty for numbers. */
  readonly labels: readonly string[];
  readonly scale: ScaleKind;
  readonly domain: readonly [number, number];
  /** Of the objective: which end of it is the good one. */
  readonly goal?: 'minimize' | 'maximize';
  readonly isParameter: boolean;
}

export const TRIAL = '*trial';
export const STEP = '*step';
export const DURATION = '*duration';
export const STATUS = '*status';
export const WORKER = '*worker';
export const TAGS = '*tags';
const METRIC = '*.';

/** Everything that charts can show of these trials: the objective first, then the parameters. */
export function fieldsOf(trials: Trials, parameters: readonly Parameter[], now: number): readonly Field[] {
  const known = new Map(parameters.map((one) => [one.name, one]));
  const names = [...new Set([...known.keys(), ...trials.parameters.keys()])];
  const others = [...trials.metrics.keys()].filter((name) => name !== trials.metric);
  return [
    objectiveField(trials),
    ...names.map((name) => parameterField(trials, name, known.get(name))).filter((one) => one !== undefined),
    ...others.map((name) => numbersField(`${METRIC}${name}`, name, trials.metrics.get(name)?.last ?? new Float64Array())),
    numbersField(DURATION, `${words().duration} (s)`, duration(trials, now)),
    numbersField(STEP, words().steps, trials.step),
    numbersField(TRIAL, words().trial, trials.number),
    labelsField(STATUS, words().status, STATUSES, (i) => STATUSES.indexOf(trials.statuses[i] ?? 'queued'), trials.count),
    ...(trials.worker.labels.length > 1 ? [codesField(WORKER, words().worker, trials.worker, false)] : []),
    ...(trials.tags.size > 0 ? [tagsField(trials)] : []),
  ];
}

/** All tags of a trial together. */
function tagsField(trials: Trials): Field {
  const texts = new Map([...trials.tags].map(([number, tags]) => [number, tags.join(', ')]));
  const labels = [...new Set(texts.values())].sort();
  const of = (i: number) => labels.indexOf(texts.get(trials.number[i] as number) ?? '');
  return labelsField(TAGS, words().tags, labels, of, trials.count);
}

function duration(trials: Trials, now: number): Float64Array {
  return Float64Array.from(trials.number, (_, i) => durationOf(trials, i, now));
}

/** The last value of a metric, as a field is called in addresses. */
export function metricKey(metric: string): string {
  return METRIC + metric;
}

function parameterKey(name: string): string {
  return name.startsWith(OBJECTIVE) ? `*p:${name}` : name;
}

function objectiveField(trials: Trials): Field {
  const base = numbersField(OBJECTIVE, trials.metric, trials.objective);
  return { ...base, goal: trials.goal, domain: usualDomain(trials.objective, trials.goal) };
}

function numbersField(key: string, title: string, values: Float64Array): Field {
  return { key, title, kind: 'numbers', values, labels: [], scale: 'linear', domain: extent(values), isParameter: false };
}

function parameterField(trials: Trials, name: string, parameter: Parameter | undefined): Field | undefined {
  const column = trials.parameters.get(name);
  const key = parameterKey(name);
  if (column === undefined) return undefined;
  if (column.kind === 'codes') return codesField(key, name, column, true, parameter);
  if (parameter?.kind === 'discrete') return levelsField(key, name, column.values, parameter.choices.map(Number));
  const [low, high] = extent(column.values);
  const isRange = parameter !== undefined && 'min' in parameter;
  const [min, max] = isRange ? [Number(parameter.min), Number(parameter.max)] : [low, high];
  const scale = isRange && parameter.scale === 'log' ? 'log' : 'linear';
  // Trials from elsewhere may lie beyond the parameter's range.
  const domain: [number, number] = [Number.isNaN(low) ? min : Math.min(min, low), Number.isNaN(high) ? max : Math.max(max, high)];
  return { ...numbersField(key, name, column.values), scale, domain, isParameter: true };
}

/** A few numbers stand at equal distances: 16, 32, 64 and 128 as well as 1, 2 and 1000. */
function levelsField(key: string, title: string, values: Float64Array, choices: readonly number[]): Field {
  const levels = [...new Set([...choices, ...values].filter(Number.isFinite))].sort((a, b) => a - b);
  const places = new Map(levels.map((level, i) => [level, i]));
  const labels = levels.map((level) => shown(level));
  return { ...labelsField(key, title, labels, (i) => places.get(values[i] as number) ?? -1, values.length), isParameter: true };
}

function codesField(key: string, title: string, column: CodesColumn, isParameter: boolean, parameter?: Parameter): Field {
  // The choices in the order in which they were written, also those that no trial had.
  const written = parameter !== undefined && 'choices' in parameter ? parameter.choices.map(String) : [];
  const labels = [...new Set([...written, ...column.labels.map(String)])];
  const places = column.labels.map((label) => labels.indexOf(String(label)));
  const of = (i: number) => (labelOf(column, i) === null ? -1 : (places[column.codes[i] as number] as number));
  return { ...labelsField(key, title, labels, of, column.codes.length), isParameter };
}

function labelsField(key: string, title: string, labels: readonly string[], of: (i: number) => number, count: number): Field {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const place = of(i);
    values[i] = place < 0 ? NaN : place;
  }
  const domain = [-0.5, Math.max(1, labels.length) - 0.5] as const;
  return { key, title, kind: 'labels', values, labels, scale: 'linear', domain, isParameter: false };
}

/** From the best to what most reach: one trial that went astray must not flatten all others. */
export function usualDomain(values: Float64Array, goal: 'minimize' | 'maximize'): [number, number] {
  const [low, high] = extent(values);
  const [usualLow, usualHigh] = robustExtent(values, 0.06);
  const spread = usualHigh - usualLow;
  return goal === 'minimize' ? [low, Math.min(high, usualHigh + spread)] : [Math.max(low, usualLow - spread), high];
}

/** What a trial has of a field, in words. */
export function said(field: Field, i: number): string {
  const found = field.values[i] as number;
  if (Number.isNaN(found)) return shown(null);
  return field.kind === 'labels' ? (field.labels[found] as string) : shown(found);
}

/** What a trial has of a field, for tables: a number stays one. */
export function cell(field: Field, i: number): string | number | null {
  const found = field.values[i] as number;
  if (Number.isNaN(found)) return null;
  return field.kind === 'labels' ? (field.key === STATUS ? words()[STATUSES[found] ?? 'queued'] : (field.labels[found] as string)) : found;
}

export function fieldOf(fields: readonly Field[], key: string | null): Field | undefined {
  return fields.find((one) => one.key === key);
}
