import { words } from '../../i18n/words';
import { percent } from '../../state/format';
import type { Trials } from '../../state/trials';
import { MARGINS, paintBottom, paintLeft } from '../axes';
import type { Chart, Size, Table } from '../chart';
import type { Ink } from '../ink';
import { axis } from '../scales';
import type { Surface } from '../surface';
import { progressOf, type Progress } from './front';
import type { Pareto } from './chart';
import { lossOf } from './objectives';

/** How much of what could be had the front has reached, trial by trial. */
export class Growth implements Chart {
  readonly name = 'hypervolume';
  private readonly steps: readonly Progress[];
  private readonly numbers: readonly number[];

  constructor(
    private readonly trials: Trials,
    pareto: Pareto,
    private readonly title: string,
  ) {
    this.numbers = pareto.able.map((i) => trials.number[i] as number);
    this.steps = progressOf(pareto.able.map((i) => pareto.objectives.map((field) => lossOf(field, i))));
  }

  get share(): number {
    return this.steps.at(-1)?.share ?? 0;
  }

  get summary(): string {
    return `${this.title}: ${percent(this.share)}`;
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    const bottom = size.height - MARGINS.bottom;
    const sides: [number, number] = [MARGINS.left, size.width - MARGINS.right];
    const least = Math.min(...this.steps.map(({ share }) => share));
    const low = least > 0.5 ? Math.floor(least * 10) / 10 : 0;
    const y = axis('linear', [low, 1], [bottom, MARGINS.top]);
    const x = axis('linear', [this.numbers[0] ?? 1, this.trials.number.at(-1) ?? 2], sides);
    paintLeft(surface, { ...y, label: percent }, ink, ...sides);
    paintBottom(surface, x, ink, bottom);
    surface.strokeStyle = ink.best;
    surface.lineWidth = 2;
    surface.beginPath();
    let last = 0;
    for (const [k, { at, share }] of this.steps.entries()) {
      const [px, py] = [x.at(this.numbers[at] as number), y.at(share)];
      if (k === 0) surface.moveTo(px, py);
      else {
        surface.lineTo(px, last);
        surface.lineTo(px, py);
      }
      last = py;
    }
    surface.lineTo(sides[1], last);
    surface.stroke();
  }

  table(): Table {
    return { columns: [words().trial, this.title], rows: this.steps.map(({ at, share }) => [this.numbers[at] as number, share]) };
  }

  probe(): Record<string, unknown> {
    return { steps: this.steps.length, share: this.share };
  }
}
