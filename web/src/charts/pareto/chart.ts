import { words } from '../../i18n/words';
import { jobAddress } from '../../state/router';
import type { Status } from '../../state/statuses';
import type { Trials } from '../../state/trials';
import type { Hit, Size, Table } from '../chart';
import { cell, said, type Field } from '../fields';
import type { Ink } from '../ink';
import { paintMarks } from '../marks';
import { Places } from '../places';
import { boxOf, paintPlot, type Box } from '../plot';
import type { Outline, PointedChart } from '../PointedCanvas';
import { extent, type ScaleKind } from '../scales';
import type { Surface } from '../surface';
import { frontOf } from './front';
import { lossOf } from './objectives';

interface Spots {
  readonly box: Box;
  readonly x: Places;
  readonly y: Places;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

const NEAR = 12;
const INSET = 10;

/** Two objectives against each other: the trials that no other one beats, and all that are beaten. */
export class Pareto implements PointedChart {
  readonly name = 'pareto';
  /** Places of trials that have a value of every objective, and those of them on the front. */
  readonly able: readonly number[];
  readonly front: readonly number[];
  private known: { key: string; spots: Spots } | undefined;

  constructor(
    readonly trials: Trials,
    readonly mask: Uint8Array,
    readonly objectives: readonly Field[],
    readonly across: Field,
    readonly up: Field,
    readonly scales: readonly [ScaleKind, ScaleKind],
    private readonly words: { readonly front: string; readonly yes: string; readonly no: string },
  ) {
    this.able = Array.from(mask.keys()).filter((i) => mask[i] === 1 && objectives.every(({ values }) => Number.isFinite(values[i])));
    const kept = trials.limits.length > 0 ? new Set(trials.ranking) : undefined;
    const within = this.able.filter((i) => kept?.has(i) !== false);
    const found = frontOf(within.map((i) => objectives.map((field) => lossOf(field, i))));
    this.front = found.map((k) => within[k] as number);
  }

  get without(): number {
    return this.mask.reduce((sum, kept) => sum + kept, 0) - this.able.length;
  }

  get summary(): string {
    return `${this.words.front}: ${this.front.length} / ${this.able.length} ${words().trials}`;
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    const { box, x, y, xs, ys } = this.spots(size);
    paintPlot(surface, box, x, y, ink);
    const onFront = new Set(this.front);
    surface.fillStyle = ink.ghost;
    surface.globalAlpha = 0.75;
    paintMarks(surface, 'dot', this.able.filter((i) => !onFront.has(i)), xs, ys, this.able.length > 2000 ? 2 : 3);
    surface.globalAlpha = 1;
    if (this.objectives.length === 2) this.paintSteps(surface, xs, ys, ink);
    surface.fillStyle = ink.best;
    paintMarks(surface, 'dot', this.front, xs, ys, 4.4);
  }

  table(): Table {
    const onFront = new Set(this.front);
    const rows = [...this.able]
      .sort((a, b) => Number(onFront.has(b)) - Number(onFront.has(a)) || lossOf(this.across, a) - lossOf(this.across, b))
      .map((i) => [
        this.trials.number[i] as number,
        words()[this.trials.statuses[i] as Status],
        onFront.has(i) ? this.words.yes : this.words.no,
        ...this.objectives.map((field) => cell(field, i)),
      ]);
    return { columns: [words().trial, words().status, this.words.front, ...this.objectives.map(({ title }) => title)], rows };
  }

  hit(px: number, py: number, size: Size): Hit | undefined {
    const { xs, ys } = this.spots(size);
    let [found, least] = [-1, NEAR ** 2];
    // Those of the front come first: they lie on top.
    for (const i of [...this.front, ...this.able]) {
      const distance = ((xs[i] as number) - px) ** 2 + ((ys[i] as number) - py) ** 2;
      if (distance < least) [found, least] = [i, distance];
    }
    if (found < 0) return undefined;
    const trial = this.trials.number[found] as number;
    return {
      x: xs[found] as number,
      y: ys[found] as number,
      title: `${words().trialNumber(trial)}${this.front.includes(found) ? ` · ${this.words.front}` : ''}`,
      lines: this.objectives.map((field) => `${field.title} ${said(field, found)}`),
      href: jobAddress(this.trials.job, 'trials', trial),
    };
  }

  stops(size: Size): Outline {
    const { xs, ys } = this.spots(size);
    return this.front.map((i) => [xs[i] as number, ys[i] as number] as const).sort((a, b) => a[0] - b[0]);
  }

  probe(size: Size): Record<string, unknown> {
    const { xs, ys } = this.spots(size);
    return {
      shown: this.able.length,
      all: this.trials.count,
      without: this.without,
      front: this.front.map((i) => this.trials.number[i]),
      objectives: this.objectives.map(({ title, goal }) => [title, goal]),
      at: this.front.map((i) => [xs[i], ys[i]]),
    };
  }

  private spots(size: Size): Spots {
    const key = `${size.width} ${size.height}`;
    if (this.known?.key === key) return this.known.spots;
    const box = boxOf(size);
    const x = new Places(this.across, this.scales[0], [box.left + INSET, box.right - INSET], this.domain(this.across));
    const y = new Places(this.up, this.scales[1], [box.bottom - INSET, box.top + INSET], this.domain(this.up));
    const xs = this.across.values.map((_, i) => x.of(i));
    const ys = this.up.values.map((_, i) => y.of(i));
    this.known = { key, spots: { box, x, y, xs, ys } };
    return this.known.spots;
  }

  /** What most reach, and the front whole. */
  private domain(field: Field): [number, number] {
    const [low, high] = extent(this.front.map((i) => field.values[i] as number));
    const [from, to] = field.domain;
    return [Math.min(low, from), Math.max(high, to)];
  }

  /** The border of what is dominated: from one trial of the front to the next, first worse, then better. */
  private paintSteps(surface: Surface, xs: Float64Array, ys: Float64Array, ink: Ink): void {
    const sorted = [...this.front].sort((a, b) => (xs[a] as number) - (xs[b] as number));
    const isLeft = this.across.goal !== 'maximize';
    surface.strokeStyle = ink.best;
    surface.lineWidth = 1.8;
    surface.beginPath();
    let last: number | undefined;
    for (const i of sorted) {
      const [x, y] = [xs[i] as number, ys[i] as number];
      if (last === undefined) surface.moveTo(x, y);
      else if (isLeft) {
        surface.lineTo(x, ys[last] as number);
        surface.lineTo(x, y);
      } else {
        surface.lineTo(xs[last] as number, y);
        surface.lineTo(x, y);
      }
      last = i;
    }
    surface.stroke();
    surface.lineWidth = 1;
  }
}
