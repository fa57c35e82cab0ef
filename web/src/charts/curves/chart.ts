import { words } from '../../i18n/words';
import { duration, reading, roundDuration } from '../../state/format';
import type { Status } from '../../state/statuses';
import type { Trials } from '../../state/trials';
import { dot, MARGINS, paintBottom, paintLeft } from '../axes';
import type { Chart, Size, Table } from '../chart';
import type { Colouring } from '../colouring';
import type { Ink } from '../ink';
import { axis, timeAxis, wholeAxis, type ScaleKind } from '../scales';
import type { Surface } from '../surface';
import { domainOf } from './domain';
import { bandOf, nearestIndex, smoothed, type Band, type Line, type Over } from './lines';

export interface CurveOptions {
  readonly over: Over;
  readonly scale: ScaleKind;
  /** From 0 (none) to just below 1. */
  readonly smoothing: number;
  readonly hasBand: boolean;
  /** Trials whose lines stand out, by their places. */
  readonly pinned: ReadonlySet<number>;
  /** How many of the best stand out besides; a few where nothing is said. */
  readonly raised?: number;
}

/** From values to pixels. */
export interface Projection {
  x(value: number): number;
  y(value: number): number;
  /** Pixels of the surface for one of the screen's. */
  readonly ratio: number;
}

const MOST_DOTS = 3000;
const PER_PATH = 60;
export const TOP = 5;
const NEAR = 14;

/** What trials reported of one metric, a line for each. */
export class Curves implements Chart {
  readonly lines: readonly Line[];
  readonly band: Band | undefined;
  /** The best ones and those that were pinned; they are painted over all others. */
  readonly raised: readonly Line[];
  readonly domain: { readonly x: [number, number]; readonly y: [number, number] };

  constructor(
    readonly name: string,
    readonly metric: string,
    readonly trials: Trials,
    given: readonly Line[],
    readonly colouring: Colouring,
    readonly options: CurveOptions,
  ) {
    const { smoothing, hasBand, pinned, raised = TOP } = options;
    this.lines = given.map((line) => ({ ...line, ys: smoothed(line.ys, smoothing) }));
    this.band = hasBand ? bandOf(this.lines) : undefined;
    const shown = new Map(this.lines.map((line) => [line.place, line]));
    const best = [...trials.ranking].filter((place) => shown.has(place)).slice(0, raised);
    // The best is painted last, over the others.
    this.raised = [...new Set([...pinned, ...best.toReversed()])].map((place) => shown.get(place)).filter((line) => line !== undefined);
    this.domain = domainOf(this.lines, options.scale);
  }

  get summary(): string {
    return `${this.metric}: ${this.lines.length} / ${this.trials.count} ${words().trials}`;
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    const { x, y } = this.domain;
    const bottom = size.height - MARGINS.bottom;
    const up = axis(this.options.scale, y, [bottom, MARGINS.top]);
    const sides: [number, number] = [MARGINS.left, size.width - MARGINS.right];
    const across = this.options.over === 'time' ? timeAxis(x[1], sides) : wholeAxis(x, sides);
    paintLeft(surface, up, ink, ...sides);
    paintBottom(surface, across, ink, bottom, this.options.over === 'time' ? roundDuration : across.label);
    surface.save();
    surface.beginPath();
    surface.rect(sides[0], MARGINS.top, sides[1] - sides[0], bottom - MARGINS.top);
    surface.clip();
    const projection = { x: (value: number) => across.at(value), y: (value: number) => up.at(value), ratio: 1 };
    this.paintAll(surface, projection, ink);
    for (const line of this.raised) this.paintRaised(surface, line, projection, ink);
    surface.restore();
  }

  /** All lines and the band behind them. */
  paintAll(surface: Surface, at: Projection, ink: Ink): void {
    if (this.band) this.paintBand(surface, this.band, at, ink);
    const groups: Line[][] = Array.from({ length: this.colouring.count }, () => []);
    for (const line of this.lines) (groups[this.colouring.bins[line.place] as number] as Line[]).push(line);
    surface.lineWidth = (this.lines.length > 300 ? 1 : 1.2) * at.ratio;
    surface.lineJoin = 'bevel';
    surface.globalAlpha = Math.min(0.75, Math.max(0.12, 6 / Math.sqrt(Math.max(1, this.lines.length))));
    for (const [bin, lines] of groups.entries()) {
      if (lines.length === 0) continue;
      surface.strokeStyle = this.colouring.colour(bin, ink);
      for (let from = 0; from < lines.length; from += PER_PATH) {
        surface.beginPath();
        for (const line of lines.slice(from, from + PER_PATH)) trace(surface, line, at);
        surface.stroke();
      }
    }
    surface.globalAlpha = 1;
    this.paintDots(surface, groups, at, ink);
  }

  colourOf(line: Line, ink: Ink): string {
    if (line.place === this.trials.best) return ink.best;
    return this.colouring.colour(this.colouring.bins[line.place] as number, ink);
  }

  paintRaised(surface: Surface, line: Line, at: Projection, ink: Ink): void {
    surface.globalAlpha = 1;
    surface.strokeStyle = this.colourOf(line, ink);
    surface.lineWidth = 2.2 * at.ratio;
    surface.beginPath();
    trace(surface, line, at);
    surface.stroke();
  }

  table(): Table {
    const rows = this.lines.flatMap((line) =>
      Array.from(line.xs, (x, i) => [line.trial, words()[this.trials.statuses[line.place] as Status], x, finite(line.ys[i] as number)]),
    );
    const x = this.options.over === 'step' ? words().step : `${words().time} (s)`;
    return { columns: [words().trial, words().status, x, this.metric], rows };
  }

  /** The line that passes nearest to a pixel, and its point there. */
  nearest(px: number, py: number, value: number, at: Projection): { line: Line; i: number } | undefined {
    let found: { line: Line; i: number } | undefined;
    let least = NEAR * at.ratio;
    for (const line of this.lines) {
      const i = nearestIndex(line.xs, value);
      const distance = distanceTo(line, i, value, px, py, at);
      if (distance < least) [found, least] = [{ line, i }, distance];
    }
    return found;
  }

  said(line: Line, i: number): readonly string[] {
    const x = line.xs[i] as number;
    const where = this.options.over === 'step' ? `${words().step} ${x}` : duration(x);
    return [where, `${this.metric} ${reading(line.ys[i])}`];
  }

  probe(): Record<string, unknown> {
    return {
      metric: this.metric,
      lines: this.lines.length,
      points: this.lines.reduce((sum, line) => sum + line.xs.length, 0),
      band: this.band?.xs.length ?? 0,
      raised: this.raised.map(({ trial }) => trial),
      broken: this.lines.filter(({ ys }) => ys.some((y) => !Number.isFinite(y))).length,
      domain: this.domain,
    };
  }

  private paintDots(surface: Surface, groups: readonly Line[][], at: Projection, ink: Ink): void {
    const points = this.lines.reduce((sum, line) => sum + line.xs.length, 0);
    const isMany = points > MOST_DOTS;
    const r = (this.lines.length > 60 ? 1.4 : 2.2) * at.ratio;
    for (const [bin, lines] of groups.entries()) {
      surface.fillStyle = this.colouring.colour(bin, ink);
      for (const line of lines) {
        // A line of one report has nothing else to be seen by.
        if (isMany && line.xs.length > 1) continue;
        surface.beginPath();
        for (const [i, x] of line.xs.entries()) if (Number.isFinite(line.ys[i])) dot(surface, at.x(x), at.y(line.ys[i] as number), r);
        surface.fill();
      }
    }
  }

  private paintBand(surface: Surface, band: Band, at: Projection, ink: Ink): void {
    surface.beginPath();
    for (const [i, x] of band.xs.entries()) surface.lineTo(at.x(x), at.y(band.high[i] as number));
    for (let i = band.xs.length - 1; i >= 0; i--) surface.lineTo(at.x(band.xs[i] as number), at.y(band.low[i] as number));
    surface.closePath();
    surface.fillStyle = surface.strokeStyle = ink.accent;
    surface.globalAlpha = 0.16;
    surface.fill();
    surface.globalAlpha = 0.9;
    surface.lineWidth = 1.6 * at.ratio;
    surface.setLineDash([6 * at.ratio, 4 * at.ratio]);
    surface.beginPath();
    for (const [i, x] of band.xs.entries()) surface.lineTo(at.x(x), at.y(band.middle[i] as number));
    surface.stroke();
    surface.setLineDash([]);
    surface.globalAlpha = 1;
  }
}

/** A line, broken where a report was no number. */
export function trace(surface: Surface, line: Line, at: Projection): void {
  let isDown = false;
  for (let i = 0; i < line.xs.length; i++) {
    const y = at.y(line.ys[i] as number);
    if (!Number.isFinite(y)) {
      isDown = false;
      continue;
    }
    const x = at.x(line.xs[i] as number);
    if (isDown) surface.lineTo(x, y);
    else surface.moveTo(x, y);
    isDown = true;
  }
}

/** How far a pixel is from a line whose point `i` is the nearest: up or down, or from its end. */
function distanceTo(line: Line, i: number, value: number, px: number, py: number, at: Projection): number {
  const [x, y] = [at.x(line.xs[i] as number), at.y(line.ys[i] as number)];
  const j = value > (line.xs[i] as number) ? i + 1 : i - 1;
  if (j < 0 || j >= line.xs.length) return Math.hypot(x - px, y - py);
  const [x2, y2] = [at.x(line.xs[j] as number), at.y(line.ys[j] as number)];
  const share = x2 === x ? 0 : (px - x) / (x2 - x);
  return Math.abs(y + share * (y2 - y) - py);
}

function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
