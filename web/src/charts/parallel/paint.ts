import type { Ink } from '../ink';
import type { Surface } from '../surface';
import type { ParallelAxis } from './model';

/** Where things stand, in pixels. */
export interface Layout {
  readonly xs: readonly number[];
  readonly top: number;
  readonly bottom: number;
  /** The rail of trials without a value, below the axes. */
  readonly rail: number;
}

export const BINS = 24;
const PER_STROKE = 300;
const EDGE = 46;
const TOP = 48;
const BELOW = 30;

export function layoutOf(axes: readonly ParallelAxis[], width: number, height: number): Layout {
  const step = (width - 2 * EDGE - 16) / Math.max(1, axes.length - 1);
  return {
    xs: axes.map((_, k) => Math.round(EDGE + k * step)),
    top: TOP,
    bottom: height - BELOW,
    rail: height - BELOW + 16,
  };
}

export function yOf(layout: Layout, place: number): number {
  if (Number.isNaN(place)) return layout.rail;
  return layout.bottom - place * (layout.bottom - layout.top);
}

/** Trials by colour: first those without a result, then the worst, so that the best lie on top. */
export function binned(places: readonly number[], shares: Float32Array): readonly number[][] {
  const bins: number[][] = Array.from({ length: BINS + 1 }, () => []);
  for (const i of places) {
    const share = shares[i] as number;
    const bin = Number.isNaN(share) ? 0 : 1 + Math.min(BINS - 1, Math.floor(share * BINS));
    (bins[bin] as number[]).push(i);
  }
  return bins;
}

/** How strong one line of many is. */
export function strength(count: number, isDark: boolean): number {
  return Math.min(isDark ? 0.8 : 0.7, Math.max(0.06, 8 / Math.sqrt(Math.max(1, count))));
}

export function paintLines(
  surface: Surface,
  axes: readonly ParallelAxis[],
  layout: Layout,
  trials: readonly number[],
): void {
  const heights = axes.map(({ places }) => places);
  const { xs, top, bottom, rail } = layout;
  const span = bottom - top;
  surface.lineJoin = 'bevel';
  for (let from = 0; from < trials.length; from += PER_STROKE) {
    surface.beginPath();
    const to = Math.min(trials.length, from + PER_STROKE);
    for (let k = from; k < to; k++) {
      const i = trials[k] as number;
      for (let a = 0; a < heights.length; a++) {
        const place = (heights[a] as Float32Array)[i] as number;
        const y = place !== place ? rail : bottom - place * span;
        if (a === 0) surface.moveTo(xs[a] as number, y);
        else surface.lineTo(xs[a] as number, y);
      }
    }
    surface.stroke();
  }
}

export function colourOf(bin: number, ink: Ink): string {
  return bin === 0 ? ink.faint : ink.scale((bin - 0.5) / BINS);
}

export function paintAxes(surface: Surface, axes: readonly ParallelAxis[], layout: Layout, ink: Ink): void {
  for (const [k, one] of axes.entries()) {
    const x = (layout.xs[k] as number) + 0.5;
    surface.strokeStyle = one.isObjective ? ink.best : ink.faint;
    surface.lineWidth = one.isObjective ? 2 : 1;
    surface.beginPath();
    surface.moveTo(x, layout.top);
    surface.lineTo(x, layout.bottom);
    surface.stroke();
    surface.font = `11px ${ink.font}`;
    surface.textAlign = 'left';
    surface.textBaseline = 'middle';
    for (const { at, label } of one.ticks) tick(surface, x, yOf(layout, at), shortened(label), ink);
    if (one.missing > 0) tick(surface, x, layout.rail, `∅ ${one.missing}`, ink);
  }
}

function shortened(label: string): string {
  return label.length > 14 ? `${label.slice(0, 13)}…` : label;
}

function tick(surface: Surface, x: number, y: number, label: string, ink: Ink): void {
  surface.strokeStyle = ink.faint;
  surface.lineWidth = 1;
  surface.beginPath();
  surface.moveTo(x - 3, y);
  surface.lineTo(x + 3, y);
  surface.stroke();
  // Lines run behind the words.
  const width = surface.measureText(label).width;
  surface.globalAlpha = 0.78;
  surface.fillStyle = ink.card;
  surface.fillRect(x + 5, y - 7, width + 4, 14);
  surface.globalAlpha = 1;
  surface.fillStyle = ink.ink;
  surface.fillText(label, x + 7, y + 0.5);
}

/** For pictures that are saved; on the screen the titles are buttons. */
export function paintTitles(surface: Surface, axes: readonly ParallelAxis[], layout: Layout, ink: Ink): void {
  surface.textAlign = 'center';
  surface.textBaseline = 'alphabetic';
  for (const [k, one] of axes.entries()) {
    surface.font = `600 12px ${ink.font}`;
    surface.fillStyle = one.isObjective ? ink.best : ink.ink;
    surface.fillText(one.title, layout.xs[k] as number, 16);
  }
}
