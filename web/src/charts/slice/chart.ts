import { words } from '../../i18n/words';
import { jobAddress } from '../../state/router';
import type { Status } from '../../state/statuses';
import type { Trials } from '../../state/trials';
import type { Hit, Size, Table } from '../chart';
import { groupedBy, type Colouring } from '../colouring';
import { cell, said, type Field } from '../fields';
import type { Ink } from '../ink';
import { paintMarks } from '../marks';
import { Places } from '../places';
import { clipped, labelHit, paintRails, paintX, paintY, RAIL, type Box } from '../plot';
import type { Outline, PointedChart } from '../PointedCanvas';
import type { ScaleKind } from '../scales';
import { shapeOf } from '../scatter/chart';
import type { Surface } from '../surface';

const LEAST_WIDTH = 264;
const HEIGHT = 216;
const NEAR = 9;

interface Panel {
  readonly box: Box;
  readonly x: Places;
  readonly y: Places;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/** A result over each parameter by itself, all of them on one scale upwards. */
export class Slice implements PointedChart {
  readonly name = 'slice';
  readonly shown: readonly number[];
  private known: { key: string; panels: readonly Panel[] } | undefined;

  constructor(
    readonly trials: Trials,
    readonly mask: Uint8Array,
    readonly parameters: readonly Field[],
    readonly up: Field,
    readonly scale: ScaleKind,
    readonly colouring: Colouring,
  ) {
    this.shown = Array.from(mask.keys()).filter((i) => mask[i] === 1);
  }

  heightAt(width: number): number {
    return Math.ceil(this.parameters.length / columnsIn(width)) * HEIGHT;
  }

  /** How many of those that are shown have no value upwards; they stand on the rail of each panel. */
  get without(): number {
    const y = new Places(this.up, this.scale, [0, 1]);
    return this.shown.filter((i) => Number.isNaN(y.of(i))).length;
  }

  get summary(): string {
    return `${this.up.title} / ${this.parameters.length} ${words().parameters}: ${words().shownOf(this.shown.length, this.trials.count)}`;
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    for (const panel of this.panels(size)) this.paintPanel(surface, panel, ink);
  }

  table(): Table {
    const fields = [this.up, ...this.parameters];
    const rows = this.shown.map((i) => [
      this.trials.number[i] as number,
      words()[this.trials.statuses[i] as Status],
      ...fields.map((field) => cell(field, i)),
    ]);
    return { columns: [words().trial, words().status, ...fields.map(({ title }) => title)], rows };
  }

  hit(px: number, py: number, size: Size): Hit | undefined {
    const panel = this.panels(size).find(({ box }) => px >= box.left - 60 && px <= box.right + 8 && py >= box.top - 28 && py <= box.bottom + 40);
    if (!panel) return undefined;
    let [found, least] = [-1, NEAR ** 2];
    for (const i of this.shown) {
      const distance = ((panel.xs[i] as number) - px) ** 2 + ((panel.ys[i] as number) - py) ** 2;
      if (distance < least) [found, least] = [i, distance];
    }
    if (found < 0) return titleHit(panel, py) ?? labelHit(panel.box, panel.x, panel.y, px, py);
    const trial = this.trials.number[found] as number;
    return {
      x: panel.xs[found] as number,
      y: panel.ys[found] as number,
      title: `${words().trialNumber(trial)} · ${words()[this.trials.statuses[found] as Status]}`,
      lines: [this.up, panel.x.field].map((field) => `${field.title} ${said(field, found)}`),
      href: jobAddress(this.trials.job, 'trials', trial),
    };
  }

  stops(size: Size): Outline {
    const best = this.trials.ranking.filter((i) => this.mask[i]);
    return this.panels(size).flatMap(({ xs, ys }) => [...best.slice(0, 20)].map((i) => [xs[i] as number, ys[i] as number] as const));
  }

  probe(size: Size): Record<string, unknown> {
    return {
      shown: this.shown.length,
      all: this.trials.count,
      without: this.without,
      panels: this.panels(size).map(({ x, box }) => ({ name: x.field.title, scale: x.kind, box })),
    };
  }

  private panels(size: Size): readonly Panel[] {
    const key = `${size.width}`;
    if (this.known?.key !== key) this.known = { key, panels: this.parameters.map((field, k) => this.panel(field, k, size)) };
    return this.known.panels;
  }

  private panel(field: Field, k: number, size: Size): Panel {
    const columns = columnsIn(size.width);
    const width = size.width / columns;
    const [left, top] = [(k % columns) * width, Math.floor(k / columns) * HEIGHT];
    const box = { left: left + 62, top: top + 30, right: left + width - 14, bottom: top + HEIGHT - 44 };
    const x = new Places(field, field.scale, [box.left + 5, box.right - 5]);
    const y = new Places(this.up, this.scale, [box.bottom - 5, box.top + 5]);
    const xs = field.values.map((_, i) => orElse(x.of(i), box.left - RAIL));
    const ys = this.up.values.map((_, i) => orElse(y.of(i), box.bottom + RAIL - 4));
    return { box, x, y, xs, ys };
  }

  private paintPanel(surface: Surface, panel: Panel, ink: Ink): void {
    const { box, x, y, xs, ys } = panel;
    surface.font = `600 12px ${ink.font}`;
    surface.fillStyle = ink.ink;
    surface.textAlign = 'left';
    surface.textBaseline = 'alphabetic';
    surface.fillText(clipped(surface, x.field.title, box.right - box.left), box.left, box.top - 10);
    surface.font = `11px ${ink.font}`;
    surface.lineWidth = 1;
    paintX(surface, box, x, ink);
    paintY(surface, box, y, ink);
    const r = this.shown.length > 2000 ? 1.6 : this.shown.length > 400 ? 2 : 2.6;
    for (const [bin, places] of groupedBy(this.colouring, this.shown).entries()) {
      surface.fillStyle = surface.strokeStyle = this.colouring.colour(bin, ink);
      surface.globalAlpha = this.shown.length > 400 ? 0.6 : 0.8;
      const isLabel = this.colouring.ends === undefined && this.colouring.field.key !== '*status';
      if (isLabel) paintMarks(surface, this.colouring.shape(bin), places, xs, ys, r);
      else {
        const ended = places.filter((i) => shapeOf(this.trials.statuses[i] as Status) === 'dot');
        paintMarks(surface, 'dot', ended, xs, ys, r);
        const rest = places.filter((i) => shapeOf(this.trials.statuses[i] as Status) !== 'dot');
        paintMarks(surface, 'cross', rest, xs, ys, r);
      }
    }
    surface.globalAlpha = 1;
    this.paintBest(surface, panel, ink);
    const missing = { x: this.shown.filter((i) => (xs[i] as number) < box.left).length, y: this.without };
    paintRails(surface, box, missing, ink);
  }

  private paintBest(surface: Surface, { xs, ys }: Panel, ink: Ink): void {
    const best = this.trials.best;
    if (best === undefined || !this.mask[best]) return;
    surface.strokeStyle = ink.best;
    surface.lineWidth = 2;
    surface.beginPath();
    surface.arc(xs[best] as number, ys[best] as number, 5.5, 0, 2 * Math.PI);
    surface.stroke();
    surface.lineWidth = 1;
  }
}

/** A name that was cut is told in full. */
function titleHit({ box, x }: Panel, py: number): Hit | undefined {
  if (py > box.top - 6) return undefined;
  return { x: box.left, y: box.top, title: x.field.title, lines: [] };
}

export function columnsIn(width: number): number {
  return Math.max(1, Math.floor(width / LEAST_WIDTH));
}

function orElse(value: number, other: number): number {
  return Number.isNaN(value) ? other : value;
}
