import { words } from '../../i18n/words';
import { number, reading, value } from '../../state/format';
import { jobAddress } from '../../state/router';
import { valueAt, type Trials } from '../../state/trials';
import type { Chart, Hit, Size, Table } from '../chart';
import type { Ink } from '../ink';
import type { Surface } from '../surface';
import type { ParallelAxis } from './model';
import { binned, colourOf, layoutOf, paintAxes, paintLines, paintTitles, strength, yOf } from './paint';

const NEAR = 7;

/** Each trial as a line over all parameters and its result. */
export class Parallel implements Chart {
  readonly name = 'parallel';
  readonly shown: readonly number[];

  constructor(
    readonly trials: Trials,
    readonly axes: readonly ParallelAxis[],
    readonly mask: Uint8Array,
    readonly shares: Float32Array,
  ) {
    const shown: number[] = [];
    for (let i = 0; i < mask.length; i++) if (mask[i]) shown.push(i);
    this.shown = shown;
  }

  get isAll(): boolean {
    return this.shown.length === this.trials.count;
  }

  get best(): number | undefined {
    const first = this.trials.best;
    return first !== undefined && this.mask[first] ? first : undefined;
  }

  get summary(): string {
    const best = this.best;
    const of = words().shownOf(this.shown.length, this.trials.count);
    if (best === undefined) return of;
    const trial = words().trialNumber(this.trials.number[best] as number);
    return `${of}; ${words().best} ${number(this.trials.objective[best])}, ${trial}`;
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    const layout = layoutOf(this.axes, size.width, size.height);
    surface.lineWidth = 1;
    if (!this.isAll) this.paintGhosts(surface, size, ink);
    surface.globalAlpha = strength(this.shown.length, ink.isDark);
    for (const [bin, places] of binned(this.shown, this.shares).entries()) {
      surface.strokeStyle = colourOf(bin, ink);
      paintLines(surface, this.axes, layout, places);
    }
    this.paintBest(surface, size, ink);
    paintAxes(surface, this.axes, layout, ink);
    paintTitles(surface, this.axes, layout, ink);
  }

  paintGhosts(surface: Surface, size: Size, ink: Ink): void {
    const layout = layoutOf(this.axes, size.width, size.height);
    surface.lineWidth = 1;
    surface.strokeStyle = ink.ghost;
    surface.globalAlpha = Math.min(0.4, strength(this.trials.count, ink.isDark));
    paintLines(surface, this.axes, layout, Array.from(this.mask, (_, i) => i));
    surface.globalAlpha = 1;
  }

  paintBest(surface: Surface, size: Size, ink: Ink): void {
    surface.globalAlpha = 1;
    if (this.best === undefined) return;
    surface.strokeStyle = ink.best;
    surface.lineWidth = 2.2;
    paintLines(surface, this.axes, layoutOf(this.axes, size.width, size.height), [this.best]);
    surface.lineWidth = 1;
  }

  table(): Table {
    const columns = [words().trial, words().status, ...this.axes.map(({ title }) => title)];
    const rows = this.shown.map((i) => [
      this.trials.number[i] as number,
      words()[this.trials.statuses[i] ?? 'queued'],
      ...this.axes.map(({ name, isObjective }) => {
        if (isObjective) return valueAt({ kind: 'numbers', values: this.trials.objective }, i);
        const column = this.trials.parameters.get(name);
        return column ? valueAt(column, i) : null;
      }),
    ]);
    return { columns, rows };
  }

  /** The line that passes nearest, as a place among the trials. */
  nearest(px: number, py: number, size: Size): number | undefined {
    const layout = layoutOf(this.axes, size.width, size.height);
    const right = layout.xs.findIndex((x) => x >= px);
    if (right <= 0) return undefined;
    const [a, b] = [this.axes[right - 1] as ParallelAxis, this.axes[right] as ParallelAxis];
    const [from, to] = [layout.xs[right - 1] as number, layout.xs[right] as number];
    const share = (px - from) / (to - from);
    let [found, least]: [number | undefined, number] = [undefined, NEAR];
    for (const i of this.shown) {
      const y = (1 - share) * yOf(layout, a.places[i] as number) + share * yOf(layout, b.places[i] as number);
      const distance = Math.abs(y - py);
      if (distance < least) [found, least] = [i, distance];
    }
    return found;
  }

  hit(px: number, py: number, size: Size): Hit | undefined {
    const i = this.nearest(px, py, size);
    if (i === undefined) return undefined;
    const { trials } = this;
    const trial = trials.number[i] as number;
    const values = this.axes
      .filter(({ isObjective }) => !isObjective)
      .slice(0, 12)
      .map(({ name, title }) => {
        const column = trials.parameters.get(name);
        return `${title} ${value(column && valueAt(column, i))}`;
      });
    return {
      x: px,
      y: py,
      title: `${words().trialNumber(trial)} · ${trials.metric} ${reading(trials.objective[i])}`,
      lines: values,
      href: jobAddress(trials.job, 'trials', trial),
    };
  }

  probe(size: Size): Record<string, unknown> {
    const layout = layoutOf(this.axes, size.width, size.height);
    return {
      shown: this.shown.length,
      all: this.trials.count,
      axes: this.axes.map(({ name, scale, missing }, k) => ({ name, scale, missing, x: layout.xs[k] })),
      top: layout.top,
      bottom: layout.bottom,
    };
  }
}
