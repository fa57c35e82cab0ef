import { group } from 'd3-array';
import { words } from '../../i18n/words';
import { jobAddress } from '../../state/router';
import type { Status } from '../../state/statuses';
import type { Trials } from '../../state/trials';
import type { Hit, Size, Table } from '../chart';
import { groupedBy, type Colouring } from '../colouring';
import { cell, said, type Field } from '../fields';
import type { Ink } from '../ink';
import { paintMarks, type Shape } from '../marks';
import type { Outline, PointedChart } from '../PointedCanvas';
import { Places } from '../places';
import { boxOf, labelHit, paintPlot, paintRails, RAIL, titleOf, type Box } from '../plot';
import type { ScaleKind } from '../scales';
import type { Surface } from '../surface';
import { histogram, paintAbove, paintBeside } from './margins';

export interface ScatterOptions {
  readonly x: Field;
  readonly y: Field;
  readonly xScale: ScaleKind;
  readonly yScale: ScaleKind;
  readonly colouring: Colouring;
  /** Greater dots for greater values; all alike without it. */
  readonly size: Field | undefined;
  /** Places that were chosen; they stand out. */
  readonly chosen: ReadonlySet<number>;
}

/** Where everything stands in a picture of one size. */
interface Spots {
  readonly box: Box;
  readonly x: Places;
  readonly y: Places;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

const NEAR = 12;
/** Dots at the very ends of an axis stand whole within the plot. */
const INSET = 8;
const MARGIN = 34;
const ENOUGH_ROOM = 420;

/** Trials as dots over any two of their values. */
export class Scatter implements PointedChart {
  readonly name = 'scatter';
  readonly shown: readonly number[];
  readonly missing: { readonly x: number; readonly y: number };
  private known: { key: string; spots: Spots } | undefined;

  constructor(
    readonly trials: Trials,
    readonly mask: Uint8Array,
    readonly options: ScatterOptions,
  ) {
    this.shown = Array.from(mask.keys()).filter((i) => mask[i] === 1);
    const [x, y] = [new Places(options.x, options.xScale, [0, 1]), new Places(options.y, options.yScale, [0, 1])];
    this.missing = {
      x: this.shown.filter((i) => Number.isNaN(x.of(i))).length,
      y: this.shown.filter((i) => Number.isNaN(y.of(i))).length,
    };
  }

  /** How many of those that are shown lack a value on an axis; they stand on its rail. */
  get without(): number {
    const spots = this.spots({ width: 100, height: 100 });
    return this.shown.filter((i) => spots.xs[i]! < spots.box.left || spots.ys[i]! > spots.box.bottom).length;
  }

  get summary(): string {
    const { x, y } = this.options;
    return `${y.title} / ${x.title}: ${words().shownOf(this.shown.length, this.trials.count)}`;
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    const spots = this.spots(size);
    const { box, x, y } = spots;
    paintPlot(surface, box, x, y, ink);
    this.paintMargins(surface, size, spots, ink);
    this.paintGhosts(surface, spots, ink);
    this.paintTrials(surface, spots, ink);
    this.paintBest(surface, spots, ink);
    this.paintChosen(surface, spots, ink);
    paintRails(surface, box, this.missing, ink);
  }

  table(): Table {
    const { x, y, size, colouring } = this.options;
    const fields = [...new Set([x, y, colouring.field, ...(size ? [size] : [])])].filter(({ key }) => key !== '*trial' && key !== '*status');
    const rows = this.shown.map((i) => [
      this.trials.number[i] as number,
      words()[this.trials.statuses[i] as Status],
      ...fields.map((field) => cell(field, i)),
    ]);
    return { columns: [words().trial, words().status, ...fields.map(({ title }) => title)], rows };
  }

  hit(px: number, py: number, size: Size): Hit | undefined {
    const { xs, ys, box, x, y } = this.spots(size);
    let [found, least] = [-1, NEAR ** 2];
    for (const i of this.shown) {
      const distance = (xs[i]! - px) ** 2 + (ys[i]! - py) ** 2;
      if (distance < least) [found, least] = [i, distance];
    }
    if (found < 0) return labelHit(box, x, y, px, py);
    const trial = this.trials.number[found] as number;
    const fields = new Set([this.options.y, this.options.x, this.options.colouring.field, ...(this.options.size ? [this.options.size] : [])]);
    return {
      x: xs[found]!,
      y: ys[found]!,
      title: `${words().trialNumber(trial)} · ${words()[this.trials.statuses[found] as Status]}`,
      lines: [...fields].filter(({ key }) => key !== '*status').map((field) => `${field.title} ${said(field, found)}`),
      href: jobAddress(this.trials.job, 'trials', trial),
    };
  }

  probe(size: Size): Record<string, unknown> {
    const { xs, ys, box, x, y } = this.spots(size);
    return {
      shown: this.shown.length,
      all: this.trials.count,
      without: this.without,
      missing: this.missing,
      chosen: this.options.chosen.size,
      box,
      scales: [x.kind, y.kind],
      axes: [titleOf(x), titleOf(y)],
      at: this.shown.slice(0, 50).map((i) => [this.trials.number[i], xs[i], ys[i]]),
    };
  }

  /** The trials whose dots lie within an outline of pixels. */
  within(outline: Outline, size: Size): readonly number[] {
    const { xs, ys } = this.spots(size);
    return this.shown.filter((i) => isInside(outline, xs[i]!, ys[i]!));
  }

  stops(size: Size): Outline {
    const { xs, ys } = this.spots(size);
    return this.shown.map((i) => [xs[i]!, ys[i]!] as const).sort((a, b) => a[0] - b[0]);
  }

  private spots(size: Size): Spots {
    const key = `${size.width} ${size.height}`;
    if (this.known?.key === key) return this.known.spots;
    const { x: across, y: up, xScale, yScale } = this.options;
    const plain = boxOf(size);
    const isRoomy = size.width > ENOUGH_ROOM;
    const box = { ...plain, top: plain.top + (isRoomy ? MARGIN : 6), right: plain.right - (isRoomy ? MARGIN : 0) };
    const x = new Places(across, xScale, [box.left + INSET, box.right - INSET]);
    const y = new Places(up, yScale, [box.bottom - INSET, box.top + INSET]);
    const xs = across.values.map((_, i) => orElse(x.of(i), box.left - RAIL));
    const ys = up.values.map((_, i) => orElse(y.of(i), box.bottom + RAIL - 4));
    this.known = { key, spots: { box, x, y, xs, ys } };
    return this.known.spots;
  }

  private paintMargins(surface: Surface, size: Size, { box, x, y }: Spots, ink: Ink): void {
    if (size.width <= ENOUGH_ROOM) return;
    surface.fillStyle = ink.accent;
    surface.globalAlpha = 0.4;
    paintAbove(surface, box, histogram(x, this.shown), box.top - 5);
    paintBeside(surface, box, histogram(y, this.shown), box.right + 5);
    surface.globalAlpha = 1;
  }

  private paintGhosts(surface: Surface, { xs, ys }: Spots, ink: Ink): void {
    const ghosts = Array.from(this.mask.keys()).filter((i) => !this.mask[i]);
    surface.fillStyle = ink.ghost;
    surface.globalAlpha = 0.35;
    paintMarks(surface, 'dot', ghosts, xs, ys, 2);
    surface.globalAlpha = 1;
  }

  private paintTrials(surface: Surface, { xs, ys }: Spots, ink: Ink): void {
    const { colouring } = this.options;
    const radius = this.radius();
    const isMany = this.shown.length > 2000;
    for (const [bin, places] of groupedBy(colouring, this.shown).entries()) {
      surface.fillStyle = surface.strokeStyle = colouring.colour(bin, ink);
      surface.globalAlpha = isMany ? 0.6 : 0.85;
      for (const [shape, some] of this.byShape(bin, places)) paintMarks(surface, shape, some, xs, ys, radius);
    }
    surface.globalAlpha = 1;
  }

  /** Where colours are numbers, the shape says whether a trial came to its end. */
  private byShape(bin: number, places: readonly number[]): ReadonlyMap<Shape, readonly number[]> {
    const { colouring } = this.options;
    if (colouring.ends === undefined && colouring.field.key !== '*status') return new Map([[colouring.shape(bin), places]]);
    return group(places, (i): Shape => shapeOf(this.trials.statuses[i] as Status));
  }

  private radius(): number | ((i: number) => number) {
    const base = this.shown.length > 5000 ? 2 : this.shown.length > 800 ? 2.6 : 3.6;
    const { size } = this.options;
    if (size === undefined) return base;
    const places = new Places(size, size.scale, [0, 1]);
    return (i) => base * (0.6 + 1.6 * Math.sqrt(orElse(places.of(i), 0)));
  }

  private paintBest(surface: Surface, { xs, ys }: Spots, ink: Ink): void {
    const best = this.trials.best;
    if (best === undefined || !this.mask[best]) return;
    surface.strokeStyle = ink.best;
    ring(surface, xs[best]!, ys[best]!, 7, 2.2);
  }

  private paintChosen(surface: Surface, { xs, ys }: Spots, ink: Ink): void {
    surface.strokeStyle = ink.accent;
    for (const i of this.options.chosen) if (this.mask[i]) ring(surface, xs[i]!, ys[i]!, 5.5, 1.6);
  }
}

export function shapeOf(status: Status): Shape {
  if (status === 'stopped' || status === 'failed' || status === 'no_metric' || status === 'system_error') return 'cross';
  return status === 'running' || status === 'paused' || status === 'queued' ? 'ring' : 'dot';
}

function ring(surface: Surface, x: number, y: number, r: number, width: number): void {
  surface.lineWidth = width;
  surface.beginPath();
  surface.arc(x, y, r, 0, 2 * Math.PI);
  surface.stroke();
}

function orElse(value: number, other: number): number {
  return Number.isNaN(value) ? other : value;
}

/** Whether a ray from a point crosses an outline an odd number of times. */
export function isInside(outline: Outline, x: number, y: number): boolean {
  let inside = false;
  for (let k = 0, last = outline.length - 1; k < outline.length; last = k++) {
    const [x0, y0] = outline[k] as readonly [number, number];
    const [x1, y1] = outline[last] as readonly [number, number];
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside;
  }
  return inside;
}
