import { useRef } from 'preact/hooks';
import type { Spec } from '../state/job';
import type { Selection } from '../state/selection';
import type { Trials } from '../state/trials';
import type { Colouring } from './colouring';
import type { Field } from './fields';
import { useSize } from './useSize';

/** What every kind of chart is given. */
export interface KindProps {
  readonly trials: Trials;
  readonly spec: Spec;
  readonly selection: Selection;
  readonly fields: readonly Field[];
  readonly colouring: Colouring;
}

const NARROW = 760;

/** A picture fills what a screen has of room; on a narrow one it is about as high as wide. */
export function chartHeight(): number {
  if (innerWidth < NARROW) return 360;
  return Math.round(Math.min(640, Math.max(360, innerHeight - 330)));
}

/** The width that a chart has, for those whose height follows from it. */
export function useRoom() {
  const box = useRef<HTMLDivElement>(null);
  return { box, width: useSize(box) };
}
