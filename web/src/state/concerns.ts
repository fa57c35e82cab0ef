import type { Happening } from './live';
import type { ColumnsDocument } from './trials';

interface Named {
  readonly job: string;
  readonly number: number;
}

/**
 * Says of what happens whether it changes one of these trials. That a trial reported once more, or that
 * another trial of its job began, does not: what follows reports asks for them by itself.
 */
export function changesOf(trials: readonly Named[]): (happening: Happening) => boolean {
  const wanted = new Map(trials.map(({ job }) => [job, new Set(trials.filter((one) => one.job === job).map((one) => one.number))]));
  const known = new Map<string, string>();
  const isNew = (columns: ColumnsDocument, i: number) => {
    const [key, facts] = [`${columns.number[i]} ${columns.job}`, factsOf(columns, i)];
    if (known.get(key) === facts) return false;
    known.set(key, facts);
    return true;
  };
  return (happening) => {
    const numbers = wanted.get(happening.job ?? '');
    if (!numbers) return false;
    if (happening.kind !== 'trials') return happening.kind !== 'job';
    const { columns } = happening;
    // All of them are noted: the next message is held against each.
    const changed = columns.number.filter((number, i) => numbers.has(number) && isNew(columns, i));
    return changed.length > 0 || columns.removed.some((number) => numbers.has(number));
  };
}

/** What the page of a trial shows of it, but for its reports. */
function factsOf(columns: ColumnsDocument, i: number): string {
  const { state, reason, attempt, objective, started_at: started, ended_at: ended } = columns;
  return JSON.stringify([state.codes[i], reason.codes[i], attempt[i], objective[i], started[i], ended[i]]);
}
