import { contours } from 'd3-contour';
import { words } from '../../i18n/words';
import { number } from '../../state/format';
import { jobAddress } from '../../state/router';
import type { Status } from '../../state/statuses';
import type { Trials } from '../../state/trials';
import type { Hit, Size, Table } from '../chart';
import { said, type Field } from '../fields';
import type { Ink } from '../ink';
import { paintMarks } from '../marks';
import { Places } from '../places';
import { boxOf, labelHit, paintPlot, paintRails, RAIL, type Box } from '../plot';
import type { Outline, PointedChart } from '../PointedCanvas';
import { extent, type ScaleKind } from '../scales';
import type { Surface } from '../surface';
import { placeAt, refined, type Grid } from './grid';

export interface ContourOptions {
  readonly x: Field;
  readonly y: Field;
  readonly xScale: ScaleKind;
  readonly yScale: ScaleKind;
  /** What the colours show, in words. */
  readonly title: string;
  /** Which end of the values is bright; undefined where neither is better. */
  readonly goal: 'minimize' | 'maximize' | undefined;
}

interface Spots {
  readonly box: Box;
  readonly x: Places;
  readonly y: Places;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

const LEVELS = 14;
const TIMES = 4;
const NEAR = 10;

/** Areas of like results over two parameters, with the trials that were made there. */
export class Contour implements PointedChart {
  readonly name = 'contour';
  readonly shown: readonly number[];
  readonly ends: readonly [number, number];
  private known: { key: string; spots: Spots } | undefined;

  constructor(
    readonly trials: Trials,
    readonly mask: Uint8Array,
    readonly grid: Grid,
    readonly options: ContourOptions,
  ) {
    this.shown = Array.from(mask.keys()).filter((i) => mask[i] === 1);
    this.ends = extent(grid.values);
  }

  get without(): number {
    const { x, y, xScale, yScale } = this.options;
    const [across, up] = [new Places(x, xScale, [0, 1]), new Places(y, yScale, [0, 1])];
    return this.shown.filter((i) => Number.isNaN(across.of(i)) || Number.isNaN(up.of(i))).length;
  }

  get summary(): string {
    const { x, y, title } = this.options;
    return `${title}, ${x.title} × ${y.title}: ${this.ends.map((end) => number(end)).join(' – ')}`;
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    const { box, x, y, xs, ys } = this.spots(size);
    paintPlot(surface, box, x, y, ink);
    surface.save();
    surface.beginPath();
    surface.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    surface.clip();
    if (this.isSmooth) this.paintAreas(surface, x, y, ink);
    else this.paintCells(surface, box, x, y, ink);
    surface.restore();
    this.paintTrials(surface, xs, ys, ink);
    const missing = (places: Places) => this.shown.filter((i) => Number.isNaN(places.of(i))).length;
    paintRails(surface, box, { x: missing(x), y: missing(y) }, ink);
  }

  table(): Table {
    const { x, y, title } = this.options;
    const { xs, ys, values } = this.grid;
    const word = (field: Field, at: number) => (field.kind === 'labels' ? (field.labels[at] ?? null) : at);
    const rows = Array.from(values, (value, k) => [
      word(x, xs[Math.floor(k / ys.length)] as number),
      word(y, ys[k % ys.length] as number),
      Number.isNaN(value) ? null : value,
    ]);
    return { columns: [x.title, y.title, title], rows };
  }

  /** A trial near the pointer, or else what is expected there. */
  hit(px: number, py: number, size: Size): Hit | undefined {
    const { xs, ys, box, x, y } = this.spots(size);
    let [found, least] = [-1, NEAR ** 2];
    for (const i of this.shown) {
      const distance = ((xs[i] as number) - px) ** 2 + ((ys[i] as number) - py) ** 2;
      if (distance < least) [found, least] = [i, distance];
    }
    if (found >= 0) return this.trialHit(found, xs[found] as number, ys[found] as number);
    if (px < box.left || px > box.right || py < box.top || py > box.bottom) return labelHit(box, x, y, px, py);
    const nearest = (values: Float64Array, at: (value: number) => number, pixel: number) =>
      values.reduce((best, one, k) => (Math.abs(at(one) - pixel) < Math.abs(at(values[best] as number) - pixel) ? k : best), 0);
    const [i, j] = [nearest(this.grid.xs, (one) => x.at(one), px), nearest(this.grid.ys, (one) => y.at(one), py)];
    return { x: px, y: py, title: this.options.title, lines: [number(this.grid.values[i * this.grid.ys.length + j])] };
  }

  stops(size: Size): Outline {
    const { xs, ys } = this.spots(size);
    return [...this.trials.ranking.filter((i) => this.mask[i])].map((i) => [xs[i] as number, ys[i] as number] as const);
  }

  probe(size: Size): Record<string, unknown> {
    const { box } = this.spots(size);
    return {
      shown: this.shown.length,
      all: this.trials.count,
      title: this.options.title,
      axes: [this.options.x.title, this.options.y.title],
      grid: [this.grid.xs.length, this.grid.ys.length],
      ends: this.ends,
      isSmooth: this.isSmooth,
      box,
    };
  }

  /** Labels have nothing between them, and where something is unknown no line can be drawn round it. */
  private get isSmooth(): boolean {
    const { x, y } = this.options;
    const isFull = this.grid.values.every(Number.isFinite) && this.grid.xs.length > 1 && this.grid.ys.length > 1;
    return x.kind === 'numbers' && y.kind === 'numbers' && isFull;
  }

  private colour(value: number, ink: Ink): string {
    const [low, high] = this.ends;
    const share = (value - low) / (high - low || 1);
    return ink.scale(this.options.goal === 'minimize' ? 1 - share : share);
  }

  private paintAreas(surface: Surface, x: Places, y: Places, ink: Ink): void {
    const xs = Array.from(this.grid.xs, (value) => x.at(value));
    const ys = Array.from(this.grid.ys, (value) => y.at(value));
    const { columns, rows, values } = refined(this.grid.values, xs, ys, TIMES);
    const [low, high] = this.ends;
    const step = (high - low) / LEVELS;
    const thresholds = Array.from({ length: LEVELS }, (_, k) => low + k * step);
    const areas = contours().size([columns.length, rows.length]).thresholds(thresholds)(Array.from(values));
    for (const [k, area] of areas.entries()) {
      surface.beginPath();
      for (const ring of area.coordinates.flat()) {
        for (const [m, [a, b]] of (ring as [number, number][]).entries()) {
          const [px, py] = [placeAt(columns, a - 0.5), placeAt(rows, b - 0.5)];
          if (m === 0) surface.moveTo(px, py);
          else surface.lineTo(px, py);
        }
        surface.closePath();
      }
      surface.globalAlpha = 1;
      surface.fillStyle = this.colour(area.value + step / 2, ink);
      surface.fill();
      if (k === 0) continue;
      surface.globalAlpha = 0.3;
      surface.strokeStyle = ink.card;
      surface.lineWidth = 0.8;
      surface.stroke();
    }
    surface.globalAlpha = 1;
  }

  private paintCells(surface: Surface, box: Box, x: Places, y: Places, ink: Ink): void {
    const xs = edges(Array.from(this.grid.xs, (value) => x.at(value)), box.left, box.right);
    const ys = edges(Array.from(this.grid.ys, (value) => y.at(value)), box.bottom, box.top);
    for (const [k, value] of this.grid.values.entries()) {
      if (!Number.isFinite(value)) continue;
      const [i, j] = [Math.floor(k / this.grid.ys.length), k % this.grid.ys.length];
      const [left, right] = [xs[i] as number, xs[i + 1] as number];
      const [bottom, top] = [ys[j] as number, ys[j + 1] as number];
      surface.fillStyle = this.colour(value, ink);
      surface.fillRect(left + 0.5, top + 0.5, right - left - 1, bottom - top - 1);
    }
  }

  private paintTrials(surface: Surface, xs: Float64Array, ys: Float64Array, ink: Ink): void {
    const r = this.shown.length > 1500 ? 1.4 : 2.6;
    surface.fillStyle = ink.card;
    paintMarks(surface, 'dot', this.shown, xs, ys, r + 0.9);
    surface.fillStyle = ink.ink;
    paintMarks(surface, 'dot', this.shown, xs, ys, r);
    const best = this.trials.best;
    if (best === undefined || !this.mask[best]) return;
    surface.fillStyle = ink.card;
    paintMarks(surface, 'dot', [best], xs, ys, 7);
    surface.fillStyle = ink.best;
    paintMarks(surface, 'dot', [best], xs, ys, 5);
  }

  private trialHit(i: number, px: number, py: number): Hit {
    const { x, y } = this.options;
    const trial = this.trials.number[i] as number;
    return {
      x: px,
      y: py,
      title: `${words().trialNumber(trial)} · ${words()[this.trials.statuses[i] as Status]}`,
      lines: [`${this.trials.metric} ${number(this.trials.objective[i])}`, ...[x, y].map((field) => `${field.title} ${said(field, i)}`)],
      href: jobAddress(this.trials.job, 'trials', trial),
    };
  }

  private spots(size: Size): Spots {
    const key = `${size.width} ${size.height}`;
    if (this.known?.key === key) return this.known.spots;
    const { x: across, y: up, xScale, yScale } = this.options;
    const box = boxOf(size);
    const x = new Places(across, xScale, [box.left, box.right]);
    const y = new Places(up, yScale, [box.bottom, box.top]);
    const xs = across.values.map((_, i) => (Number.isNaN(x.of(i)) ? box.left - RAIL : x.of(i)));
    const ys = up.values.map((_, i) => (Number.isNaN(y.of(i)) ? box.bottom + RAIL - 4 : y.of(i)));
    this.known = { key, spots: { box, x, y, xs, ys } };
    return this.known.spots;
  }
}

/** Half-way between neighbours, and the ends of the axis. */
function edges(places: readonly number[], from: number, to: number): readonly number[] {
  return [from, ...places.slice(1).map((place, k) => (place + (places[k] as number)) / 2), to];
}
