import type { Field } from './fields';
import { axis, type Axis, type ScaleKind } from './scales';

export interface Tick {
  readonly at: number;
  readonly label: string;
}

const JITTER = 0.36;
const GOLDEN = 0.6180339887;

/** Where trials stand along one side of a plot: from the values of a field to pixels. */
export class Places {
  private readonly axis: Axis;

  constructor(
    readonly field: Field,
    readonly kind: ScaleKind,
    readonly range: readonly [number, number],
    domain: readonly [number, number] = field.domain,
  ) {
    this.axis = axis(field.kind === 'labels' ? 'linear' : kind, domainFor(field, kind, domain), range);
  }

  /** The pixel of a trial, NaN where it has no value here; those beyond the axis stand at its end. */
  of(i: number): number {
    const value = this.field.values[i] as number;
    if (!Number.isFinite(value) || (this.kind === 'log' && value <= 0)) return NaN;
    const [low, high] = this.axis.domain;
    return this.axis.at(Math.min(high, Math.max(low, value)) + this.beside(i));
  }

  at(value: number): number {
    return this.axis.at(value);
  }

  valueAt(pixel: number): number {
    return this.axis.valueAt(pixel);
  }

  /** The share of the axis at which a trial stands, from 0 to 1. */
  share(i: number): number {
    return (this.of(i) - this.range[0]) / (this.range[1] - this.range[0]);
  }

  ticks(most: number): readonly Tick[] {
    const { field } = this;
    // Where nothing has a value, numbers on the axis would be made up.
    if (!Number.isFinite(field.domain[0])) return [];
    if (field.kind === 'numbers') {
      return this.axis.ticks(most).map((tick) => ({ at: this.axis.at(tick), label: this.axis.label(tick) }));
    }
    const every = Math.ceil(field.labels.length / Math.max(1, most));
    return field.labels.flatMap((label, k) => (k % every === 0 ? [{ at: this.axis.at(k), label }] : []));
  }

  /** Trials with one label lie beside each other, not behind; the same trial always as far. */
  private beside(i: number): number {
    return this.field.kind === 'labels' ? (((i * GOLDEN + 0.5) % 1) - 0.5) * JITTER : 0;
  }
}

/** A log axis begins at the least value above 0. */
function domainFor(field: Field, kind: ScaleKind, domain: readonly [number, number]): [number, number] {
  const [low, high] = domain;
  if (kind === 'linear' || field.kind === 'labels' || low > 0) return [low, high];
  let least = Infinity;
  for (const value of field.values) if (value > 0 && value < least) least = value;
  return [Number.isFinite(least) ? least : 1, Math.max(high, Number.isFinite(least) ? least : 10)];
}
