import { words } from '../i18n/words';
import { duration, reading, roundDuration } from '../state/format';
import { jobAddress } from '../state/router';
import type { Status } from '../state/statuses';
import { durationOf, labelOf, type Trials } from '../state/trials';
import { paintBottom } from './axes';
import type { Chart, Hit, Size, Table } from './chart';
import type { Ink } from './ink';
import { timeAxis, type Axis } from './scales';
import type { Surface } from './surface';

/** Browsers paint a path in more than proportion to its length. */
const PER_PATH = 500;
const LEFT = 78;
const RIGHT = 14;
const TOP = 4;
const BOTTOM = 28;
const ROW = 26;
const LEAST_ROW = 10;
const MOST_HEIGHT = 460;
const THIN = 4;

export interface Lanes {
  /** The lane of each trial, -1 for those that never began. */
  readonly of: Int32Array;
  readonly names: readonly string[];
}

/**
 * Who ran what. Trials of a study stand with the client that ran them; those that ran here stand in
 * the first lane that was free when they began.
 */
export function lanesOf(trials: Trials): Lanes {
  const of = new Int32Array(trials.count).fill(-1);
  const names: string[] = [];
  const named = new Map<string, number>();
  const free: { lane: number; at: number }[] = [];
  const byStart = Array.from({ length: trials.count }, (_, i) => i)
    .filter((i) => Number.isFinite(trials.started[i]))
    .sort((a, b) => (trials.started[a] as number) - (trials.started[b] as number));
  for (const i of byStart) {
    const worker = labelOf(trials.worker, i);
    if (worker !== null) {
      const name = String(worker);
      if (!named.has(name)) named.set(name, names.push(name) - 1);
      of[i] = named.get(name) as number;
      continue;
    }
    const started = trials.started[i] as number;
    let slot = free.find(({ at }) => at <= started + 0.05);
    if (slot === undefined) {
      slot = { lane: names.push(`#${free.length + 1}`) - 1, at: 0 };
      free.push(slot);
    }
    slot.at = Number.isFinite(trials.ended[i]) ? (trials.ended[i] as number) : Infinity;
    of[i] = slot.lane;
  }
  return { of, names };
}

/** When each trial ran, and where. */
export class Timeline implements Chart {
  readonly name = 'timeline';

  constructor(
    private readonly trials: Trials,
    private readonly mask: Uint8Array,
    private readonly lanes: Lanes,
    private readonly began: number,
    private readonly now: number,
  ) {}

  get height(): number {
    return Math.min(MOST_HEIGHT, Math.max(1, this.lanes.names.length) * this.row + TOP + BOTTOM);
  }

  private get row(): number {
    const room = (MOST_HEIGHT - TOP - BOTTOM) / Math.max(1, this.lanes.names.length);
    return Math.max(LEAST_ROW, Math.min(ROW, room));
  }

  get summary(): string {
    const { names } = this.lanes;
    return `${this.trials.count} ${words().trials}, ${names.length} ${words().workers}, ${duration(this.end - this.began)}`;
  }

  /** The share of the time in which lanes had work, from 0 to 1. */
  get busy(): number {
    let spent = 0;
    for (let i = 0; i < this.trials.count; i++) {
      const took = durationOf(this.trials, i, this.now);
      if (Number.isFinite(took)) spent += took;
    }
    return spent / Math.max(1e-9, this.lanes.names.length * (this.end - this.began));
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    const x = this.scale(size);
    const floor = TOP + this.lanes.names.length * this.row;
    paintBottom(surface, x, ink, floor, (tick) => (tick === 0 ? '0' : roundDuration(tick)));
    this.paintNames(surface, size, ink);
    const best = this.trials.best;
    this.paintThin(surface, x, ink);
    for (let i = 0; i < this.trials.count; i++) {
      if (i !== best && !this.isThin(x, i)) this.paintBar(surface, x, i, false, ink);
    }
    if (best !== undefined) this.paintBar(surface, x, best, true, ink);
    if (this.isLive) {
      surface.strokeStyle = ink.status.running;
      surface.lineWidth = 1.5;
      surface.beginPath();
      surface.moveTo(x.at(this.now - this.began), TOP);
      surface.lineTo(x.at(this.now - this.began), floor);
      surface.stroke();
    }
  }

  table(): Table {
    const { trials } = this;
    const rows = Array.from({ length: trials.count }, (_, i) => [
      trials.number[i] as number,
      words()[trials.statuses[i] as Status],
      this.lanes.names[this.lanes.of[i] as number] ?? null,
      orNull((trials.started[i] as number) - this.began),
      orNull(durationOf(trials, i, this.now)),
    ]);
    const { trial, status, worker, started, duration: took } = words();
    return { columns: [trial, status, worker, `${started} (s)`, `${took} (s)`], rows };
  }

  hit(px: number, py: number, size: Size): Hit | undefined {
    const x = this.scale(size);
    const lane = Math.floor((py - TOP) / this.row);
    for (let i = 0; i < this.trials.count; i++) {
      if (this.lanes.of[i] !== lane) continue;
      const [from, to] = this.span(x, i);
      if (px < from || px > to) continue;
      const trial = this.trials.number[i] as number;
      return {
        x: px,
        y: py,
        title: `${words().trialNumber(trial)} · ${words()[this.trials.statuses[i] as Status]}`,
        lines: [duration(durationOf(this.trials, i, this.now)), `${this.trials.metric} ${reading(this.trials.objective[i])}`],
        href: jobAddress(this.trials.job, 'trials', trial),
      };
    }
    return undefined;
  }

  probe(): Record<string, unknown> {
    return { lanes: this.lanes.names, bars: this.lanes.of.filter((lane) => lane >= 0).length, busy: this.busy };
  }

  private get isLive(): boolean {
    return this.trials.statuses.includes('running');
  }

  private get end(): number {
    let end = this.isLive ? this.now : this.began;
    for (const ended of this.trials.ended) if (ended > end) end = ended;
    return end;
  }

  private scale(size: Size): Axis {
    return timeAxis(this.end - this.began, [LEFT, size.width - RIGHT]);
  }

  private span(x: Axis, i: number): [number, number] {
    const started = (this.trials.started[i] as number) - this.began;
    const from = x.at(started);
    const to = x.at(started + durationOf(this.trials, i, this.now));
    return [from, Math.max(from + 1.5, to - 1.5)];
  }

  private isThin(x: Axis, i: number): boolean {
    const [from, to] = this.span(x, i);
    return to - from < THIN;
  }

  /** Bars of a few pixels have no corners to round: those of a colour are painted at once. */
  private paintThin(surface: Surface, x: Axis, ink: Ink): void {
    const groups = new Map<string, number[]>();
    for (let i = 0; i < this.trials.count; i++) {
      if ((this.lanes.of[i] as number) < 0 || !this.isThin(x, i)) continue;
      const key = `${this.mask[i]} ${this.trials.statuses[i]}`;
      const group = groups.get(key);
      if (group) group.push(i);
      else groups.set(key, [i]);
    }
    const gap = this.row > 16 ? 5 : 1;
    for (const [key, places] of groups) {
      const [kept, status] = key.split(' ') as [string, Status];
      surface.globalAlpha = kept === '1' ? 0.8 : 0.22;
      surface.fillStyle = ink.status[status];
      for (let begin = 0; begin < places.length; begin += PER_PATH) {
        surface.beginPath();
        for (const i of places.slice(begin, begin + PER_PATH)) {
          const [from, to] = this.span(x, i);
          surface.rect(from, TOP + (this.lanes.of[i] as number) * this.row + gap, to - from, this.row - 2 * gap);
        }
        surface.fill();
      }
    }
    surface.globalAlpha = 1;
  }

  private paintNames(surface: Surface, size: Size, ink: Ink): void {
    surface.font = `11px ${ink.font}`;
    surface.textAlign = 'left';
    surface.textBaseline = 'middle';
    surface.lineWidth = 1;
    for (const [lane, name] of this.lanes.names.entries()) {
      const y = TOP + lane * this.row;
      if (this.row >= 14) {
        surface.fillStyle = ink.soft;
        const own = name.startsWith('#') ? `${words().worker} ${name.slice(1)}` : name;
        surface.fillText(own.length > 12 ? `${own.slice(0, 11)}…` : own, 0, y + this.row / 2);
      }
      surface.strokeStyle = ink.line;
      surface.beginPath();
      surface.moveTo(0, Math.round(y + this.row) - 0.5);
      surface.lineTo(size.width, Math.round(y + this.row) - 0.5);
      surface.stroke();
    }
  }

  private paintBar(surface: Surface, x: Axis, i: number, isBest: boolean, ink: Ink): void {
    const lane = this.lanes.of[i] as number;
    if (lane < 0) return;
    const [from, to] = this.span(x, i);
    const gap = this.row > 16 ? 5 : 1;
    const [top, height] = [TOP + lane * this.row + gap, this.row - 2 * gap];
    const status = this.trials.statuses[i] as Status;
    surface.globalAlpha = this.mask[i] ? (isBest ? 1 : 0.8) : 0.22;
    surface.fillStyle = isBest ? ink.best : ink.status[status];
    rounded(surface, from, top, to - from, height, Math.min(3, (to - from) / 2));
    surface.fill();
    if (status === 'stopped' && !isBest && to - from > 5) hatch(surface, from, top, to - from, height, ink.card);
    if (isBest) {
      surface.strokeStyle = ink.best;
      surface.lineWidth = 1.5;
      rounded(surface, from - 2.5, top - 2.5, to - from + 5, height + 5, 5);
      surface.stroke();
    }
    surface.globalAlpha = 1;
  }
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : null;
}

function rounded(surface: Surface, x: number, y: number, w: number, h: number, r: number): void {
  surface.beginPath();
  surface.moveTo(x + r, y);
  surface.lineTo(x + w - r, y);
  surface.quadraticCurveTo(x + w, y, x + w, y + r);
  surface.lineTo(x + w, y + h - r);
  surface.quadraticCurveTo(x + w, y + h, x + w - r, y + h);
  surface.lineTo(x + r, y + h);
  surface.quadraticCurveTo(x, y + h, x, y + h - r);
  surface.lineTo(x, y + r);
  surface.quadraticCurveTo(x, y, x + r, y);
  surface.closePath();
}

/** Stripes over a bar, so that its colour is not all that tells what it is. */
function hatch(surface: Surface, x: number, y: number, w: number, h: number, colour: string): void {
  surface.save();
  surface.beginPath();
  surface.rect(x, y, w, h);
  surface.clip();
  surface.strokeStyle = colour;
  surface.globalAlpha *= 0.55;
  surface.lineWidth = 1.6;
  surface.beginPath();
  for (let k = x - h; k < x + w; k += 5) {
    surface.moveTo(k, y + h);
    surface.lineTo(k + h, y);
  }
  surface.stroke();
  surface.restore();
}
