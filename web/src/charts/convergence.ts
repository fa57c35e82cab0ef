import { words } from '../i18n/words';
import { number, reading, roundDuration } from '../state/format';
import { jobAddress } from '../state/router';
import { bestSoFar } from '../state/standing';
import type { Status } from '../state/statuses';
import type { Trials } from '../state/trials';
import { cross, dot, MARGINS, paintBottom, paintLeft } from './axes';
import type { Chart, Hit, Size, Table } from './chart';
import type { Ink } from './ink';
import { paintMarks } from './marks';
import { axis, extent, finiteSorted, quantileOf, timeAxis, wholeAxis, type Axis, type ScaleKind } from './scales';
import type { Surface } from './surface';

export interface ConvergenceOptions {
  readonly by: 'trial' | 'time';
  readonly scale: ScaleKind;
}

interface Scales {
  readonly x: Axis;
  readonly y: Axis;
  readonly bottom: number;
}

const NEAR = 10;
const BEYOND_RADIUS = 4.5;
/** Browsers paint a path in more than proportion to its length. */
const PER_PATH = 300;

/** What each trial came to, and how the best of them got better. */
export class Convergence implements Chart {
  readonly name = 'convergence';
  private readonly x: Float64Array;
  private readonly steps;
  private readonly domain: [number, number];

  constructor(
    private readonly trials: Trials,
    private readonly mask: Uint8Array,
    private readonly options: ConvergenceOptions,
    began: number,
  ) {
    this.x = options.by === 'trial' ? trials.number : trials.ended.map((ended) => ended - began);
    this.steps = bestSoFar(trials);
    this.domain = domainOf(trials, options.scale);
  }

  get summary(): string {
    const best = this.steps.at(-1);
    if (best === undefined) return words().none;
    const trial = words().trialNumber(this.trials.number[best.place] as number);
    return `${this.trials.metric}: ${words().best} ${number(best.value)}, ${trial}; ${this.trials.ranking.length} / ${this.trials.count}`;
  }

  /** How many have no finite result: they stand on the rail below. */
  get without(): number {
    return this.trials.objective.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  }

  /** How many values lie above and below what is drawn: they stand at its edge. */
  get beyond(): { readonly above: number; readonly below: number } {
    const count = (side: number) => this.trials.objective.reduce((sum, _, i) => sum + (this.side(i) === side ? 1 : 0), 0);
    return { above: count(1), below: count(-1) };
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    const scales = this.scales(size);
    paintLeft(surface, scales.y, ink, MARGINS.left, size.width - MARGINS.right);
    const label = this.options.by === 'time' ? roundDuration : undefined;
    paintBottom(surface, scales.x, ink, scales.bottom, label);
    this.paintPoints(surface, scales, ink);
    this.paintBest(surface, scales, size, ink);
  }

  table(): Table {
    const { trials } = this;
    const rows = Array.from({ length: trials.count }, (_, i) => {
      const value = trials.objective[i] as number;
      return [trials.number[i] as number, words()[trials.statuses[i] as Status], Number.isNaN(value) ? null : value];
    });
    return { columns: [words().trial, words().status, trials.metric], rows };
  }

  hit(px: number, py: number, size: Size): Hit | undefined {
    const scales = this.scales(size);
    let [found, least] = [-1, NEAR ** 2];
    for (let i = 0; i < this.trials.count; i++) {
      const distance = (scales.x.at(this.x[i] as number) - px) ** 2 + (this.y(i, scales) - py) ** 2;
      if (distance < least) [found, least] = [i, distance];
    }
    if (found < 0) return undefined;
    const trial = this.trials.number[found] as number;
    return {
      x: scales.x.at(this.x[found] as number),
      y: this.y(found, scales),
      title: `${words().trialNumber(trial)} · ${words()[this.trials.statuses[found] as Status]}`,
      lines: [`${this.trials.metric} ${reading(this.trials.objective[found])}`, ...(this.side(found) === 0 ? [] : [words().beyondEdge])],
      href: jobAddress(this.trials.job, 'trials', trial),
    };
  }

  probe(size: Size): Record<string, unknown> {
    const scales = this.scales(size);
    const best = this.steps.at(-1);
    return {
      points: this.trials.ranking.length,
      without: this.without,
      beyond: this.beyond,
      best: best && this.trials.number[best.place],
      bestAt: best && [scales.x.at(this.x[best.place] as number), this.y(best.place, scales)],
    };
  }

  private scales(size: Size): Scales {
    const bottom = size.height - MARGINS.bottom;
    const [low, high] = extent(this.x);
    const range: [number, number] = [MARGINS.left + 8, size.width - MARGINS.right];
    return {
      x: this.options.by === 'time' ? timeAxis(high, range) : wholeAxis(low === high ? [low - 1, high + 1] : [Math.min(1, low), high], range),
      y: axis(this.options.scale, this.domain, [bottom - 14, MARGINS.top]),
      bottom,
    };
  }

  /** Values beyond the picture stand at its edge, and trials without one on the rail below it. */
  private y(i: number, { y, bottom }: Scales): number {
    const value = this.trials.objective[i] as number;
    if (!Number.isFinite(value)) return bottom - 3;
    const [low, high] = y.domain;
    return y.at(Math.min(high, Math.max(low, value)));
  }

  /** 1 for a value above what is drawn, -1 for one below, 0 for one within and for none. */
  private side(i: number): -1 | 0 | 1 {
    const value = this.trials.objective[i] as number;
    if (!Number.isFinite(value)) return 0;
    return value > this.domain[1] ? 1 : value < this.domain[0] ? -1 : 0;
  }

  private paintPoints(surface: Surface, scales: Scales, ink: Ink): void {
    const { trials } = this;
    const many = trials.count > 2000;
    const r = many ? 1.8 : 2.8;
    const groups = new Map<string, number[]>();
    for (let i = 0; i < trials.count; i++) {
      const key = this.mask[i] ? (trials.statuses[i] as string) : 'left out';
      const group = groups.get(key);
      if (group) group.push(i);
      else groups.set(key, [i]);
    }
    for (const [status, places] of groups) {
      const colour = status === 'left out' ? ink.ghost : ink.status[status as Status];
      surface.fillStyle = surface.strokeStyle = colour;
      surface.globalAlpha = status === 'left out' ? 0.5 : many ? 0.6 : 0.85;
      surface.lineWidth = 1.3;
      const isCross = status === 'stopped' || status === 'failed' || status === 'no_metric';
      const within = places.filter((i) => this.side(i) === 0);
      for (let from = 0; from < within.length; from += PER_PATH) {
        surface.beginPath();
        for (const i of within.slice(from, from + PER_PATH)) this.mark(surface, scales, i, r, isCross, many);
        if (!isCross) surface.fill();
        surface.stroke();
      }
      this.paintBeyond(surface, scales, places);
    }
    surface.globalAlpha = 1;
  }

  /** Triangles at the edge point to where the values are. */
  private paintBeyond(surface: Surface, scales: Scales, places: readonly number[]): void {
    for (const [side, shape] of [[1, 'triangle'], [-1, 'triangle_down']] as const) {
      const there = places.filter((i) => this.side(i) === side && Number.isFinite(this.x[i]));
      if (there.length === 0) continue;
      const [xs, ys] = [there.map((i) => scales.x.at(this.x[i] as number)), there.map((i) => this.y(i, scales))];
      paintMarks(surface, shape, [...there.keys()], xs, ys, BEYOND_RADIUS);
    }
  }

  private mark(surface: Surface, scales: Scales, i: number, r: number, isCross: boolean, many: boolean): void {
    const [x, y] = [scales.x.at(this.x[i] as number), this.y(i, scales)];
    if (!Number.isFinite(x)) return;
    if (!Number.isFinite(this.trials.objective[i])) {
      surface.moveTo(x, y - 3);
      surface.lineTo(x, y + 3);
    } else if (isCross) cross(surface, x, y, r);
    // So small a square looks like a dot, and is painted many times faster.
    else if (many) surface.fillRect(x - r, y - r, 2 * r, 2 * r);
    else dot(surface, x, y, r);
  }

  private paintBest(surface: Surface, scales: Scales, size: Size, ink: Ink): void {
    if (this.steps.length === 0) return;
    surface.strokeStyle = ink.best;
    surface.lineWidth = 2;
    surface.lineJoin = 'round';
    surface.beginPath();
    let last = 0;
    for (const [k, { place }] of this.steps.entries()) {
      const [x, y] = [scales.x.at(this.x[place] as number), this.y(place, scales)];
      if (k === 0) surface.moveTo(x, y);
      else {
        surface.lineTo(x, last);
        surface.lineTo(x, y);
      }
      last = y;
    }
    surface.lineTo(size.width - MARGINS.right, last);
    surface.stroke();
  }
}

/** How many times further from the best than three in four are a result is shown. */
const FAR = 4;

/** From the best to what most reach: one trial that went astray must not flatten all others. */
function domainOf(trials: Trials, scale: ScaleKind): [number, number] {
  const sorted = finiteSorted(trials.objective);
  if (sorted.length === 0) return [0, 1];
  const [low, high] = [sorted[0] as number, sorted.at(-1) as number];
  if (scale === 'log') return low > 0 ? [low, high] : [sorted.find((value) => value > 0) ?? 1, high];
  const pad = (a: number, b: number): [number, number] => [a - (b - a) * 0.05, b + (b - a) * 0.03];
  const isLow = trials.goal === 'minimize';
  const usual = quantileOf(sorted, isLow ? 0.75 : 0.25);
  const room = FAR * Math.abs(usual - (isLow ? low : high));
  if (room === 0) return pad(low, high);
  if (isLow) return pad(low, sorted.findLast((value) => value <= usual + room) ?? high);
  return pad(sorted.find((value) => value >= usual - room) ?? low, high);
}
