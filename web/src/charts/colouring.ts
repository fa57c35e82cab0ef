import { STATUSES } from '../state/statuses';
import { KINDS } from './colours';
import { STATUS, type Field } from './fields';
import type { Ink } from './ink';
import { SHAPES, type Shape } from './marks';
import { robustExtent } from './scales';

/** Colours of numbers; a colour more would not be told from its neighbours. */
export const STEPS = 24;

/** How trials are coloured by a field: each is in one bin, and a bin has one colour and one shape. */
export interface Colouring {
  readonly field: Field;
  /** 0 where a trial has no value; the rest from worst to best, from low to high, or by label. */
  readonly bins: Int32Array;
  readonly count: number;
  colour(bin: number, ink: Ink): string;
  shape(bin: number): Shape;
  /** What the two ends of the colours stand for; undefined for labels. */
  readonly ends: readonly [number, number] | undefined;
}

export function colouringOf(field: Field): Colouring {
  return field.kind === 'labels' ? byLabel(field) : byNumber(field);
}

function byLabel(field: Field): Colouring {
  const isStatus = field.key === STATUS;
  return {
    field,
    bins: Int32Array.from(field.values, (value) => (Number.isNaN(value) ? 0 : value + 1)),
    count: field.labels.length + 1,
    colour: (bin, ink) => {
      if (bin === 0) return ink.faint;
      return isStatus ? ink.status[STATUSES[bin - 1] ?? 'queued'] : ink.kind(bin - 1);
    },
    // Eight colours are told apart; the ninth label has the first one again with another shape.
    shape: (bin) => (isStatus || bin === 0 ? 'dot' : (SHAPES[Math.floor((bin - 1) / KINDS.length) % SHAPES.length] as Shape)),
    ends: undefined,
  };
}

function byNumber(field: Field): Colouring {
  const isLog = field.scale === 'log';
  const level = (value: number) => (isLog ? Math.log10(value) : value);
  const levels = field.values.map((value) => (Number.isFinite(value) && (!isLog || value > 0) ? level(value) : NaN));
  const [low, high] = robustExtent(levels);
  const span = high - low || 1;
  const isDown = field.goal === 'minimize';
  const back = (one: number) => (isLog ? 10 ** one : one);
  return {
    field,
    bins: Int32Array.from(levels, (value) => {
      if (Number.isNaN(value)) return 0;
      const share = Math.min(1, Math.max(0, (value - low) / span));
      return 1 + Math.min(STEPS - 1, Math.floor((isDown ? 1 - share : share) * STEPS));
    }),
    count: STEPS + 1,
    colour: (bin, ink) => (bin === 0 ? ink.faint : ink.scale((bin - 0.5) / STEPS)),
    shape: () => 'dot',
    ends: isDown ? [back(high), back(low)] : [back(low), back(high)],
  };
}

/** Trials by their bin, so that each colour is set once; the last lie on top. */
export function groupedBy(colouring: Colouring, places: Iterable<number>): readonly number[][] {
  const groups: number[][] = Array.from({ length: colouring.count }, () => []);
  for (const i of places) (groups[colouring.bins[i] as number] as number[]).push(i);
  return groups;
}
