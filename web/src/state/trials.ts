import { toNumber } from '../api/client';
import type { components } from '../api/schema';
import { statusOf, type Status } from './statuses';

export type ColumnsDocument = components['schemas']['ColumnsDocument'];
type Codes = components['schemas']['CodesColumn'];
type Label = Codes['labels'][number];

/** A number for each trial, NaN where there is none. */
export interface NumbersColumn {
  readonly kind: 'numbers';
  readonly values: Float64Array;
}

/** One of few labels for each trial: entry i is `labels[codes[i]]`, or nothing where it is -1. */
export interface CodesColumn {
  readonly kind: 'codes';
  readonly labels: readonly Label[];
  readonly codes: Int32Array;
}

export type Column = NumbersColumn | CodesColumn;

export interface MetricColumns {
  readonly reports: Float64Array;
  readonly last: Float64Array;
  readonly step: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** All trials of a job as columns in the order of their numbers; never changed, only replaced. */
export interface Trials {
  readonly job: string;
  readonly metric: string;
  readonly goal: 'minimize' | 'maximize';
  readonly cursor: string;
  readonly count: number;
  readonly number: Float64Array;
  readonly state: CodesColumn;
  readonly reason: CodesColumn;
  readonly worker: CodesColumn;
  readonly attempt: Float64Array;
  /** What counts of each trial; NaN where there is none, infinite or NaN where that was reported. */
  readonly objective: Float64Array;
  readonly objectives: ColumnsDocument['objectives'];
  readonly limits: ColumnsDocument['metric_limits'];
  /** What counts of the other objectives, and of metrics that have limits. */
  readonly further: ReadonlyMap<string, Float64Array>;
  readonly step: Float64Array;
  readonly created: Float64Array;
  readonly started: Float64Array;
  readonly ended: Float64Array;
  /** By the numbers of the trials that have any. */
  readonly tags: ReadonlyMap<number, readonly string[]>;
  readonly parameters: ReadonlyMap<string, Column>;
  readonly metrics: ReadonlyMap<string, MetricColumns>;
  /**
   * The places of trials by the first objective, the best first; those that lack a finite value of
   * anything that is asked for, or break a limit, are left out.
   */
  readonly ranking: Int32Array;
  /** The place of the best trial; of several objectives none is the best. */
  readonly best: number | undefined;
  readonly statuses: readonly Status[];
  /** The place of a trial's number, or undefined. */
  place(number: number): number | undefined;
}

/** Takes in an answer: all trials, or those that changed since `known`. */
export function takeIn(known: Trials | undefined, found: ColumnsDocument): Trials {
  // The same object: nothing that is drawn from it has to be drawn anew.
  if (known !== undefined && !found.full && found.number.length + found.removed.length === 0) return known;
  const fresh = trialsOf(found);
  if (found.full || known === undefined) return completed(fresh);
  return completed(merged(known, fresh, new Set(found.removed)));
}

type Raw = Omit<Trials, 'ranking' | 'best' | 'statuses' | 'place'>;

function trialsOf(found: ColumnsDocument): Raw {
  return {
    job: found.job,
    metric: found.metric,
    goal: found.goal,
    cursor: found.cursor,
    count: found.number.length,
    number: Float64Array.from(found.number),
    state: codes(found.state),
    reason: codes(found.reason),
    worker: codes(found.worker),
    attempt: Float64Array.from(found.attempt),
    objective: numbers(found.objective),
    objectives: found.objectives,
    limits: found.metric_limits,
    further: mapped(found.further, numbers),
    step: numbers(found.step),
    created: numbers(found.created_at),
    started: numbers(found.started_at),
    ended: numbers(found.ended_at),
    tags: tagsOf(found.tags),
    parameters: mapped(found.parameters, (column) =>
      'codes' in column ? codes(column) : { kind: 'numbers', values: numbers(column.values) },
    ),
    metrics: mapped(found.metrics, (column) => ({
      reports: numbers(column.reports),
      last: numbers(column.last),
      step: numbers(column.step),
      min: numbers(column.min),
      max: numbers(column.max),
    })),
  };
}

function tagsOf(given: ColumnsDocument['tags']): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const [tag, numbers] of Object.entries(given)) {
    for (const number of numbers) found.set(number, [...(found.get(number) ?? []), tag]);
  }
  return found;
}

function numbers(given: readonly (number | string | null)[]): Float64Array {
  const values = new Float64Array(given.length);
  for (let i = 0; i < given.length; i++) {
    const value = given[i];
    values[i] = typeof value === 'number' ? value : toNumber(value);
  }
  return values;
}

function codes(given: Codes): CodesColumn {
  return { kind: 'codes', labels: given.labels, codes: Int32Array.from(given.codes) };
}

function mapped<A, B>(given: Readonly<Record<string, A>>, change: (one: A) => B): Map<string, B> {
  return new Map(Object.entries(given).map(([name, one]) => [name, change(one)]));
}

/** Where each entry of the new columns comes from: place i of `known`, or -1 - i of `fresh`. */
function plan(known: Raw, fresh: Raw, removed: ReadonlySet<number>): Int32Array {
  const replaced = new Map(Array.from(fresh.number, (number, i) => [number, -1 - i]));
  const kept: [number, number][] = [];
  for (const [i, number] of known.number.entries()) {
    if (!removed.has(number) && !replaced.has(number)) kept.push([number, i]);
  }
  const all = [...kept, ...replaced].sort((a, b) => a[0] - b[0]);
  return Int32Array.from(all, ([, source]) => source);
}

function merged(known: Raw, fresh: Raw, removed: ReadonlySet<number>): Raw {
  const sources = plan(known, fresh, removed);
  const values = (a: Float64Array | undefined, b: Float64Array | undefined) => {
    const found = new Float64Array(sources.length);
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i] as number;
      found[i] = (source >= 0 ? a?.[source] : b?.[-1 - source]) ?? NaN;
    }
    return found;
  };
  const labelled = (a: CodesColumn | undefined, b: CodesColumn | undefined) => mergedCodes(a, b, sources);
  return {
    ...fresh,
    count: sources.length,
    number: values(known.number, fresh.number),
    state: labelled(known.state, fresh.state),
    reason: labelled(known.reason, fresh.reason),
    worker: labelled(known.worker, fresh.worker),
    attempt: values(known.attempt, fresh.attempt),
    objective: values(known.objective, fresh.objective),
    further: both(known.further, fresh.further, values),
    step: values(known.step, fresh.step),
    created: values(known.created, fresh.created),
    started: values(known.started, fresh.started),
    ended: values(known.ended, fresh.ended),
    tags: mergedTags(known, fresh, removed),
    parameters: both(known.parameters, fresh.parameters, (a, b) => mergedColumn(a, b, values, labelled)),
    metrics: both(known.metrics, fresh.metrics, (a, b) => ({
      reports: values(a?.reports, b?.reports),
      last: values(a?.last, b?.last),
      step: values(a?.step, b?.step),
      min: values(a?.min, b?.min),
      max: values(a?.max, b?.max),
    })),
  };
}

function mergedTags(known: Raw, fresh: Raw, removed: ReadonlySet<number>): ReadonlyMap<number, readonly string[]> {
  const replaced = new Set(fresh.number);
  const kept = [...known.tags].filter(([number]) => !replaced.has(number) && !removed.has(number));
  return new Map([...kept, ...fresh.tags]);
}

function both<A, B>(
  known: ReadonlyMap<string, A>,
  fresh: ReadonlyMap<string, A>,
  join: (a: A | undefined, b: A | undefined) => B,
): Map<string, B> {
  const names = new Set([...known.keys(), ...fresh.keys()]);
  return new Map([...names].map((name) => [name, join(known.get(name), fresh.get(name))]));
}

/** A column that had numbers only may meet a text: then its numbers become labels, too. */
function mergedColumn(
  a: Column | undefined,
  b: Column | undefined,
  values: (a: Float64Array | undefined, b: Float64Array | undefined) => Float64Array,
  labelled: (a: CodesColumn | undefined, b: CodesColumn | undefined) => CodesColumn,
): Column {
  if (a?.kind !== 'codes' && b?.kind !== 'codes') {
    return { kind: 'numbers', values: values(a?.values, b?.values) };
  }
  return labelled(a && asCodes(a), b && asCodes(b));
}

function asCodes(column: Column): CodesColumn {
  if (column.kind === 'codes') return column;
  const known = new Map<number, number>();
  const found = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return -1;
    if (!known.has(value)) known.set(value, known.size);
    return known.get(value) as number;
  });
  return { kind: 'codes', labels: [...known.keys()], codes: found };
}

function mergedCodes(
  a: CodesColumn | undefined,
  b: CodesColumn | undefined,
  sources: Int32Array,
): CodesColumn {
  const labels: Label[] = [...(a?.labels ?? [])];
  const renamed = (b?.labels ?? []).map((label) => {
    const place = labels.indexOf(label);
    return place >= 0 ? place : labels.push(label) - 1;
  });
  const found = Int32Array.from(sources, (source) => {
    if (source >= 0) return a?.codes[source] ?? -1;
    const code = b?.codes[-1 - source] ?? -1;
    return code < 0 ? -1 : (renamed[code] as number);
  });
  return { kind: 'codes', labels, codes: found };
}

function completed(raw: Raw): Trials {
  const places = new Map(Array.from(raw.number, (number, i) => [number, i]));
  const ranking = ranked(raw);
  return {
    ...raw,
    ranking,
    best: raw.objectives.length > 1 ? undefined : ranking[0],
    statuses: Array.from(raw.number, (_, i) =>
      statusOf(String(labelOf(raw.state, i)), labelOf(raw.reason, i) as string | null),
    ),
    place: (number) => places.get(number),
  };
}

function ranked(raw: Raw): Int32Array {
  // The sort asks for values a million times: they are at hand, the least the best.
  const values = raw.goal === 'minimize' ? raw.objective : raw.objective.map((value) => -value);
  const finite: number[] = [];
  for (let i = 0; i < raw.count; i++) if (Number.isFinite(values[i]) && qualifies(raw, i)) finite.push(i);
  return Int32Array.from(finite.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b));
}

function qualifies(raw: Raw, i: number): boolean {
  for (const values of raw.further.values()) if (!Number.isFinite(values[i])) return false;
  return raw.limits.every(({ metric, at_most: most, at_least: least }) => {
    const value = raw.further.get(metric)?.[i] as number;
    return (most == null || value <= most) && (least == null || value >= least);
  });
}

export function labelOf(column: CodesColumn, i: number): Label | null {
  const code = column.codes[i] as number;
  return code < 0 ? null : (column.labels[code] as Label);
}

/** What a trial has in a column: a number, a label, or null where it has nothing. */
export function valueAt(column: Column, i: number): Label | null {
  if (column.kind === 'codes') return labelOf(column, i);
  const value = column.values[i] as number;
  return Number.isNaN(value) ? null : value;
}

/**
 * How long a trial ran until now or its end, in seconds; NaN where it never began. One that began
 * after `now`, by another clock or an older reading of this one, has not run yet.
 */
export function durationOf(trials: Trials, i: number, now: number): number {
  const started = trials.started[i] as number;
  const ended = trials.ended[i] as number;
  return Number.isNaN(ended) ? Math.max(0, now - started) : ended - started;
}
