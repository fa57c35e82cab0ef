import type { CodesColumn, Column, MetricColumns, Trials } from '../state/trials';
import type { ColumnName, Kind, Read, Schema, Values } from './filter';

const FIELDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['trial', 'number'],
  ['status', 'texts'],
  ['state', 'text'],
  ['reason', 'text'],
  ['objective', 'number'],
  ['step', 'number'],
  ['attempt', 'number'],
  ['duration', 'duration'],
  ['worker', 'text'],
  ['tag', 'texts'],
]);

/** Values of a metric at a step, in the order of the trials, NaN where a trial has none. */
export type AtStep = (metric: string, step: number) => Float64Array;

/** What a filter over these trials can speak of: the fields of docs/filters.md. */
export function schemaOf(trials: Trials): Schema {
  const params = new Map([...trials.parameters].map(([name, column]) => [name, kindOf(column)]));
  const metrics = new Map([...trials.metrics.keys()].map((name) => [name, 'number' as const]));
  return { fields: FIELDS, spaces: new Map([['params', params], ['metrics', metrics]]), loose: null };
}

function kindOf(column: Column): Kind {
  return column.kind === 'numbers' ? 'number' : 'mixed';
}

/** The columns of these trials; `now`, in seconds of the epoch, says how long the running ones ran. */
export function readerOf(trials: Trials, now: number, atStep: AtStep): Read {
  return (column) => {
    if (column.space === 'metrics') return metricOf(trials, column, atStep);
    if (column.space === 'params') return valuesOf(trials.parameters.get(column.name) as Column);
    return fieldOf(trials, column.name, now);
  };
}

function metricOf(trials: Trials, column: ColumnName, atStep: AtStep): Values {
  if (column.step !== null) return numbers(atStep(column.name, column.step));
  const metric = trials.metrics.get(column.name) as MetricColumns;
  const values = metric[column.aspect as keyof MetricColumns];
  // The last report may be NaN, and that is a value.
  if (column.aspect !== 'last') return numbers(values);
  return { kind: 'numbers', values, isMissing: (place) => Number.isNaN(metric.reports[place]) };
}

function valuesOf(column: Column): Values {
  return column.kind === 'numbers' ? numbers(column.values) : column;
}

function numbers(values: Float64Array): Values {
  return { kind: 'numbers', values, isMissing: (place) => Number.isNaN(values[place]) };
}

function fieldOf(trials: Trials, name: string, now: number): Values {
  switch (name) {
    case 'trial':
      return numbers(trials.number);
    case 'attempt':
      return numbers(trials.attempt);
    case 'step':
      return numbers(trials.step);
    case 'objective':
      return objectiveOf(trials);
    case 'duration':
      return numbers(trials.started.map((begun, place) => (endOf(trials, place, now) as number) - begun));
    case 'status':
      return statusesOf(trials);
    case 'tag':
      return { kind: 'lists', values: Array.from(trials.number, (number) => trials.tags.get(number) ?? []) };
    default:
      return trials[name as 'state' | 'reason' | 'worker'] satisfies CodesColumn;
  }
}

function endOf(trials: Trials, place: number, now: number): number | undefined {
  return Number.isNaN(trials.ended[place]) ? now : trials.ended[place];
}

/** NaN is a value where the metric's last report was NaN. */
function objectiveOf(trials: Trials): Values {
  const { objective, ended } = trials;
  const last = trials.metrics.get(trials.metric)?.last;
  const reports = trials.metrics.get(trials.metric)?.reports;
  const isNaNReported = (place: number) => Number.isNaN(last?.[place]) && (reports?.[place] ?? 0) > 0;
  return {
    kind: 'numbers',
    values: objective,
    isMissing: (place) => Number.isNaN(objective[place]) && (Number.isNaN(ended[place]) || !isNaNReported(place)),
  };
}

/** A trial has the word that the console shows and the one of the API: `completed`, `succeeded`. */
function statusesOf(trials: Trials): Values {
  const known = new Map<string, readonly string[]>();
  const values = trials.statuses.map((status, place) => {
    const state = String(trials.state.labels[trials.state.codes[place] as number]);
    const key = `${state} ${status}`;
    const words = known.get(key) ?? [...new Set([state, status])];
    known.set(key, words);
    return words;
  });
  return { kind: 'lists', values };
}
