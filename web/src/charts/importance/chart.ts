import type { components } from '../../api/schema';
import { toNumber } from '../../api/client';
import { words } from '../../i18n/words';
import { percent } from '../../state/format';
import type { Chart, Hit, Size, Table } from '../chart';
import type { Ink } from '../ink';
import { clipped } from '../plot';
import type { Surface } from '../surface';

export type ImportanceDocument = components['schemas']['ImportanceDocument'];

export const ROW = 30;
const TOP = 6;
const BELOW = 26;
const RIGHT = 62;

/** How much of the differences between results each parameter explains, with how sure that is. */
export class Importance implements Chart {
  readonly name = 'importance';

  constructor(
    private readonly found: ImportanceDocument,
    private readonly titles: { readonly share: string; readonly low: string; readonly high: string },
  ) {}

  get height(): number {
    return TOP + BELOW + Math.max(1, this.found.parameters.length) * ROW;
  }

  get summary(): string {
    return this.found.parameters.map((one) => `${one.name} ${percent(toNumber(one.share))}`).join(', ');
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    const { left, right } = sides(size);
    const bottom = TOP + this.found.parameters.length * ROW;
    surface.font = `11px ${ink.font}`;
    surface.lineWidth = 1;
    surface.textBaseline = 'top';
    surface.textAlign = 'center';
    for (const tick of this.ticks()) {
      const x = left + (tick / this.most) * (right - left);
      surface.strokeStyle = ink.grid;
      stroke(surface, Math.round(x) + 0.5, TOP, Math.round(x) + 0.5, bottom);
      surface.fillStyle = ink.soft;
      surface.fillText(percent(tick), x, bottom + 7);
    }
    for (const k of this.found.parameters.keys()) this.paintBar(surface, k, size, ink);
  }

  table(): Table {
    const { share, low, high } = this.titles;
    const rows = this.found.parameters.map((one) => [one.name, toNumber(one.share), toNumber(one.low), toNumber(one.high), one.trials]);
    return { columns: [words().parameters, share, low, high, words().trials], rows };
  }

  hit(_x: number, y: number, size: Size): Hit | undefined {
    const k = Math.floor((y - TOP) / ROW);
    const one = this.found.parameters[k];
    if (one === undefined) return undefined;
    const { left, right } = sides(size);
    const at = left + (toNumber(one.share) / this.most) * (right - left);
    const [low, high] = [percent(toNumber(one.low)), percent(toNumber(one.high))];
    return { x: at, y: TOP + (k + 0.5) * ROW, title: one.name, lines: [percent(toNumber(one.share)), `${low} – ${high}`, `${one.trials} ${words().trials}`] };
  }

  probe(): Record<string, unknown> {
    return { parameters: this.found.parameters.map(({ name }) => name), method: this.found.method, trials: this.found.trials };
  }

  private get most(): number {
    return Math.max(0.05, ...this.found.parameters.map((one) => Math.max(toNumber(one.share), toNumber(one.high) || 0)));
  }

  private ticks(): readonly number[] {
    const step = this.most > 0.5 ? 0.2 : this.most > 0.2 ? 0.1 : 0.05;
    return Array.from({ length: Math.floor(this.most / step) + 1 }, (_, k) => k * step);
  }

  private paintBar(surface: Surface, k: number, size: Size, ink: Ink): void {
    const one = this.found.parameters[k] as ImportanceDocument['parameters'][number];
    const { left, right } = sides(size);
    const at = (share: number) => left + (Math.min(this.most, Math.max(0, share)) / this.most) * (right - left);
    const middle = TOP + (k + 0.5) * ROW;
    surface.textBaseline = 'middle';
    surface.textAlign = 'right';
    surface.font = `12px ${ink.font}`;
    surface.fillStyle = ink.ink;
    surface.fillText(clipped(surface, one.name, left - 14), left - 10, middle);
    surface.fillStyle = ink.accent;
    surface.fillRect(left, middle - 6, Math.max(2, at(toNumber(one.share)) - left), 12);
    const [low, high] = [at(toNumber(one.low)), at(toNumber(one.high))];
    if (Number.isFinite(low) && Number.isFinite(high)) {
      surface.strokeStyle = ink.ink;
      surface.lineWidth = 1.4;
      stroke(surface, low, middle, high, middle);
      stroke(surface, low, middle - 4, low, middle + 4);
      stroke(surface, high, middle - 4, high, middle + 4);
    }
    surface.textAlign = 'left';
    surface.fillStyle = ink.soft;
    surface.fillText(percent(toNumber(one.share)), right + 12, middle);
  }
}

function sides(size: Size): { left: number; right: number } {
  return { left: Math.min(220, Math.max(96, size.width * 0.24)), right: size.width - RIGHT };
}

function stroke(surface: Surface, x0: number, y0: number, x1: number, y1: number): void {
  surface.beginPath();
  surface.moveTo(x0, y0);
  surface.lineTo(x1, y1);
  surface.stroke();
}
