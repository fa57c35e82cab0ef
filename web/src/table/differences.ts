export type Value = string | number | boolean;

export interface Compared {
  readonly objective: number;
  readonly parameters: Readonly<Record<string, Value>>;
}

export interface Row {
  readonly name: string;
  /** A value for each trial; undefined where it has none. */
  readonly values: readonly (Value | undefined)[];
  readonly differs: boolean;
}

/** All parameters of several trials, those that differ first, each part in the order of the first trial. */
export function differences(trials: readonly Compared[]): readonly Row[] {
  const names = [...new Set(trials.flatMap(({ parameters }) => Object.keys(parameters)))];
  const rows = names.map((name) => {
    const values = trials.map(({ parameters }) => (Object.hasOwn(parameters, name) ? parameters[name] : undefined));
    return { name, values, differs: values.some((value) => value !== values[0]) };
  });
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
}

/** The place of the best result, or undefined where none has a finite one. */
export function bestOf(trials: readonly Compared[], goal: 'minimize' | 'maximize'): number | undefined {
  let best: number | undefined;
  for (const [i, { objective }] of trials.entries()) {
    if (!Number.isFinite(objective)) continue;
    const leader = best === undefined ? undefined : (trials[best] as Compared).objective;
    if (leader === undefined || (goal === 'minimize' ? objective < leader : objective > leader)) best = i;
  }
  return best;
}

/** By how much a value is beyond that of the best; undefined where that is no question. */
export function beyond(value: Value | undefined, best: Value | undefined): number | undefined {
  if (typeof value !== 'number' || typeof best !== 'number') return undefined;
  const apart = value - best;
  return apart === 0 || !Number.isFinite(apart) ? undefined : apart;
}
