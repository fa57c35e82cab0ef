import { signal } from '@preact/signals';
import { get, jobPath, toNumber } from '../api/client';
import type { components } from '../api/schema';
import type { Trials } from './trials';

type CurvesDocument = components['schemas']['CurvesDocument'];

const AT_ONCE = 2000;
const POINTS = 10_000;

interface Known {
  readonly reports: number;
  readonly byStep: ReadonlyMap<number, number>;
}

/** What metrics were at a step, for filters such as `val_loss@step=50`: asked for when one needs it. */
export class StepValues {
  private readonly arrived = signal(0);
  private readonly known = new Map<string, Map<number, Known>>();
  private readonly asked = new Set<string>();

  constructor(private readonly job: string) {}

  /** In the order of the trials; NaN where there is none, or where it is still on its way. */
  at(trials: Trials, metric: string, step: number): Float64Array {
    void this.arrived.value; // Whoever asked is told when more is known.
    const known = this.known.get(metric);
    void this.ask(trials, metric);
    return Float64Array.from(trials.number, (number) => known?.get(number)?.byStep.get(step) ?? NaN);
  }

  private async ask(trials: Trials, metric: string): Promise<void> {
    if (this.asked.has(metric)) return;
    const missing = this.missing(trials, metric).slice(0, AT_ONCE);
    if (missing.length === 0) return;
    this.asked.add(metric);
    try {
      const query = { metric, trials: missing.join(','), points: POINTS };
      const found = await get<CurvesDocument>(jobPath(this.job, 'curves'), query);
      this.keep(metric, found);
    } catch {
      return; // The page itself says that the server is away; the next change asks again.
    } finally {
      this.asked.delete(metric);
    }
    this.arrived.value += 1;
  }

  private missing(trials: Trials, metric: string): readonly number[] {
    const reports = trials.metrics.get(metric)?.reports;
    const known = this.known.get(metric);
    const found: number[] = [];
    for (let i = 0; i < trials.count; i++) {
      const number = trials.number[i] as number;
      if ((reports?.[i] ?? 0) > (known?.get(number)?.reports ?? 0)) found.push(number);
    }
    return found;
  }

  private keep(metric: string, found: CurvesDocument): void {
    const known = this.known.get(metric) ?? new Map<number, Known>();
    for (const curve of found.curves) {
      const byStep = new Map(curve.step.map((step, i) => [step, toNumber(curve.value[i])]));
      known.set(curve.trial, { reports: curve.reports, byStep });
    }
    this.known.set(metric, known);
  }
}
