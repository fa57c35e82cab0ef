import { signal } from '@preact/signals';
import { ApiFailure, get, jobPath } from '../../api/client';
import type { components } from '../../api/schema';
import type { Trials } from '../../state/trials';
import { writeNumbers } from '../view';
import type { CurveDocument } from './lines';

/** As many as the server sends at once. */
export const MOST_CURVES = 2000;
const POINTS = 200;
const PAUSE_MS = 2000;

/** The curves of one metric: asked for when they are wanted, and again when a trial has reported more. */
export class CurveStore {
  readonly curves = signal<ReadonlyMap<number, CurveDocument>>(new Map());
  readonly failure = signal<ApiFailure | undefined>(undefined);
  /** True once an answer has come. */
  readonly isKnown = signal(false);
  private wanted: { trials: Trials; places: readonly number[] } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isAsking = false;
  private last = -PAUSE_MS;
  private readonly abort = new AbortController();

  constructor(
    private readonly job: string,
    readonly metric: string,
  ) {}

  /** Asks for what is missing of these trials, at once or, after a question, a little later. */
  want(trials: Trials, places: readonly number[]): void {
    this.wanted = { trials, places: places.slice(0, MOST_CURVES) };
    if (this.isAsking || this.timer !== undefined) return;
    const missing = this.missing();
    if (missing.length === 0) {
      this.isKnown.value = true;
      return;
    }
    const wait = missing.some((number) => !this.curves.peek().has(number)) ? 0 : this.last + PAUSE_MS - performance.now();
    if (wait <= 0) void this.ask(missing);
    else this.timer = setTimeout(() => this.again(), wait);
  }

  retry(): void {
    this.failure.value = undefined;
    this.again();
  }

  dispose(): void {
    this.abort.abort();
    clearTimeout(this.timer);
  }

  private again(): void {
    this.timer = undefined;
    if (this.wanted) this.want(this.wanted.trials, this.wanted.places);
  }

  private missing(): readonly number[] {
    if (!this.wanted) return [];
    const { trials, places } = this.wanted;
    const reports = trials.metrics.get(this.metric)?.reports;
    const known = this.curves.peek();
    return places
      .filter((i) => (reports?.[i] ?? 0) > (known.get(trials.number[i] as number)?.reports ?? 0))
      .map((i) => trials.number[i] as number);
  }

  private async ask(missing: readonly number[]): Promise<void> {
    this.isAsking = true;
    try {
      const query = { metric: this.metric, trials: writeNumbers(missing), points: POINTS };
      const found = await get<components['schemas']['CurvesDocument']>(jobPath(this.job, 'curves'), query, this.abort.signal);
      const next = new Map(this.curves.peek());
      for (const curve of found.curves) next.set(curve.trial, curve);
      this.curves.value = next;
      this.failure.value = undefined;
      this.isKnown.value = true;
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.failure.value = error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
      return;
    } finally {
      this.isAsking = false;
      this.last = performance.now();
    }
    // Reports may have come in meanwhile; they are asked for after a while.
    if (this.missing().length > 0) this.timer ??= setTimeout(() => this.again(), PAUSE_MS);
  }
}
