import type { Spec } from '../../state/job';
import type { Trials } from '../../state/trials';
import { frontOf } from './front';
import { fieldOf, metricKey, usualDomain, type Field } from '../fields';
import { OBJECTIVE } from '../../state/brushes';

export type Goal = 'minimize' | 'maximize';

/** What the job seeks, as fields: the first as it counts, the others by what their trials reported. */
export function objectivesOf(spec: Spec, trials: Trials, fields: readonly Field[]): readonly Field[] {
  return spec.objectives
    .map((one, k) => (k === 0 ? fieldOf(fields, OBJECTIVE) : furtherField(fields, trials, one.metric, one.goal)))
    .filter((field) => field !== undefined);
}

function furtherField(fields: readonly Field[], trials: Trials, metric: string, goal: Goal): Field | undefined {
  const field = metricField(fields, trials, metric, goal);
  const values = trials.further.get(metric);
  return field === undefined || values === undefined ? field : { ...field, values, domain: usualDomain(values, goal) };
}

/** A metric as if it were an objective: its last value. */
export function metricField(
  fields: readonly Field[],
  trials: Trials,
  metric: string,
  goal: Goal,
): Field | undefined {
  const field = fieldOf(fields, metricKey(metric));
  const column = trials.metrics.get(metric);
  if (field === undefined || column === undefined) return undefined;
  return { ...field, goal, domain: usualDomain(field.values, goal) };
}

/** What is to be made small. */
export function lossOf(field: Field, i: number): number {
  const value = field.values[i] as number;
  return field.goal === 'maximize' ? -value : value;
}

/** The places of the trials that no other one beats in every objective. */
export function frontPlaces(trials: Trials): readonly number[] {
  const losses = [...trials.ranking].map((i) =>
    trials.objectives.map(({ metric, goal }, k) => {
      const value = (k === 0 ? trials.objective[i] : trials.further.get(metric)?.[i]) as number;
      return goal === 'maximize' ? -value : value;
    }),
  );
  return frontOf(losses).map((place) => trials.ranking[place] as number);
}
