import { useSignal } from '@preact/signals';
import { get, jobPath } from '../api/client';
import { useJob } from './job';
import { useResource, type Resource } from './resource';
import { isOver } from './statuses';

/** Of more trials it takes the server seconds, in which others wait. */
const MOST_UNASKED = 3000;

export interface Analysis<T> extends Resource<T | undefined> {
  /** How many trials it would be of. */
  readonly over: number;
  /** False where nobody has asked for it yet and it costs too much to be computed unasked. */
  readonly isWanted: boolean;
  want(): void;
}

/** What the server finds out from all trials that ended; `edition` says when it is found out anew. */
export function useAnalysis<T>(part: string, edition: (over: number) => number): Analysis<T> {
  const { name, trials } = useJob();
  const over = trials.value?.statuses.filter(isOver).length ?? 0;
  const isAsked = useSignal(false);
  const isWanted = isAsked.value || over <= MOST_UNASKED;
  const found = useResource(`${name} ${part} ${isWanted} ${edition(over)}`, async (abort) =>
    isWanted ? get<T>(jobPath(name, part), {}, abort) : undefined,
  );
  return {
    data: found.data,
    failure: found.failure,
    refresh: () => found.refresh(),
    over,
    isWanted,
    want: () => (isAsked.value = true),
  };
}
