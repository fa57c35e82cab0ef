import type { Brushes, Range } from '../state/brushes';

/** What is offered for a parameter of a job that goes on: its range now, and another with its reason. */
export interface Offer {
  readonly name: string;
  readonly now: string;
  readonly suggested: string;
  readonly why: string;
  /** Whether it is taken over unless somebody says otherwise. */
  readonly isSure: boolean;
}

interface Bounded {
  readonly name: string;
  readonly kind: string;
  readonly low?: unknown;
  readonly high?: unknown;
}

/** Ranges that were drawn in a chart, as offers; an interval of the drawn ones where there are several. */
export function offersOfBrushes(brushes: Brushes, parameters: readonly Bounded[], why: string): Offer[] {
  const found: Offer[] = [];
  for (const parameter of parameters) {
    const brush = brushes.get(parameter.name);
    if (!brush) continue;
    const now = parameter.low === undefined ? '' : `${String(parameter.low)}..${String(parameter.high)}`;
    const suggested = brush.ranges.length > 0 ? written(closed(brush.ranges, parameter), parameter.kind) : brush.labels.join(',');
    if (suggested !== '') found.push({ name: parameter.name, now, suggested, why, isSure: true });
  }
  return found;
}

/** A range without an end goes as far as the parameter does. */
function closed(ranges: readonly Range[], { low, high }: Bounded): readonly Range[] {
  const inside = (value: number, end: unknown) => (Number.isFinite(value) ? value : Number(end));
  return ranges.map((one) => ({ low: Math.max(inside(one.low, low), Number(low)), high: Math.min(inside(one.high, high), Number(high)) }));
}

function written(ranges: readonly Range[], kind: string): string {
  const low = Math.min(...ranges.map((one) => one.low));
  const high = Math.max(...ranges.map((one) => one.high));
  const short = (value: number) => String(Number(value.toPrecision(4)));
  return kind === 'integer' ? `${Math.ceil(low)}..${Math.floor(high)}` : `${short(low)}..${short(high)}`;
}

/** A brush where one was drawn, else what the results suggest; whoever drew some wants no others unasked. */
export function merged(drawn: readonly Offer[], proposed: readonly Offer[]): Offer[] {
  const names = new Set(drawn.map((one) => one.name));
  const others = proposed.filter((one) => !names.has(one.name));
  return [...drawn, ...others.map((one) => ({ ...one, isSure: one.isSure && drawn.length === 0 }))];
}
