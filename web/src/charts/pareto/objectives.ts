import type { Spec } from '../../state/job';
import type { Trials } from '../../state/trials';
import { fieldOf, metricKey, usualDomain, type Field } from '../fields';
import { OBJECTIVE } from '../../state/brushes';

export type Goal = 'minimize' | 'maximize';

/** What the job seeks, as fields: the first as it counts, the others by what their trials reported. */
export function objectivesOf(spec: Spec, trials: Trials, fields: readonly Field[]): readonly Field[] {
  return spec.objectives
    .map((one, k) => (k === 0 ? fieldOf(fields, OBJECTIVE) : metricField(fields, trials, one.metric, one.goal, one.use === 'best')))
    .filter((field) => field !== undefined);
}

/** A metric as if it were an objective: its last value, or the best of them. */
export function metricField(
  fields: readonly Field[],
  trials: Trials,
  metric: string,
  goal: Goal,
  isBest = false,
): Field | undefined {
  const field = fieldOf(fields, metricKey(metric));
  const column = trials.metrics.get(metric);
  if (field === undefined || column === undefined) return undefined;
  const values = isBest ? (goal === 'minimize' ? column.min : column.max) : field.values;
  return { ...field, values, goal, domain: usualDomain(values, goal) };
}

/** What is to be made small. */
export function lossOf(field: Field, i: number): number {
  const value = field.values[i] as number;
  return field.goal === 'maximize' ? -value : value;
}
