import { median } from 'd3-array';
import { now } from './clock';
import { isOver } from './statuses';
import { durationOf, type Trials } from './trials';

/** By which share the best got better over the later half of the results, and since which trial. */
export function improvement(trials: Trials): { share: number; since: number } | null {
  const steps = bestSoFar(trials);
  if (steps.length < 2) return null;
  const before = steps[Math.max(0, Math.ceil(steps.length / 2) - 1)] as BestStep;
  const last = steps.at(-1) as BestStep;
  const share = Math.abs(last.value - before.value) / Math.abs(before.value);
  return Number.isFinite(share) && share > 0 ? { share, since: trials.number[before.place] as number } : null;
}

export interface BestStep {
  readonly place: number;
  readonly value: number;
}

/** Each trial that was the best when it came, in the order of their numbers. */
export function bestSoFar(trials: Trials): readonly BestStep[] {
  const sign = trials.goal === 'minimize' ? 1 : -1;
  const found: BestStep[] = [];
  const able = trials.further.size > 0 ? new Set(trials.ranking) : undefined;
  let best = Infinity;
  for (let place = 0; place < trials.count; place++) {
    const value = trials.objective[place] as number;
    if (!Number.isFinite(value) || sign * value >= best || able?.has(place) === false) continue;
    best = sign * value;
    found.push({ place, value });
  }
  return found;
}

export interface Timing {
  /** All trials' time together, in seconds. */
  readonly spent: number;
  /** Of the trials that ended; NaN where none did. */
  readonly median: number;
  /** What the rest may take, in seconds; null where nothing tells. */
  readonly left: number | null;
}

export function timing(trials: Trials, most: number | null, parallel: number): Timing {
  let spent = 0;
  const ended: number[] = [];
  let over = 0;
  for (let i = 0; i < trials.count; i++) {
    if (isOver(trials.statuses[i] as never)) over += 1;
    const took = durationOf(trials, i, now.value);
    if (!Number.isFinite(took)) continue;
    spent += took;
    if (Number.isFinite(trials.ended[i])) ended.push(took);
  }
  const middle = median(ended) ?? NaN;
  const left = most === null || ended.length === 0 ? null : (Math.max(0, most - over) * middle) / Math.max(1, parallel);
  return { spent, median: middle, left };
}
