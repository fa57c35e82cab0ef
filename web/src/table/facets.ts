import { OBJECTIVE } from '../state/brushes';
import { axis } from '../charts/scales';
import type { Field } from '../charts/fields';

/** A value, or a span of values, that trials have, and how many of them. */
export interface Slot {
  readonly label: string;
  /** The ends of a span; both the same for a value of a list of numbers. */
  readonly low: number;
  readonly high: number;
  readonly all: number;
  /** How many of them the filter leaves. */
  readonly kept: number;
}

/** As many as leave each a target of 24 px. */
const BINS = 8;

/** How often each label of a field is there, the most frequent first. */
export function labelSlots(field: Field, mask: Uint8Array): readonly Slot[] {
  const [all, kept] = [new Int32Array(field.labels.length), new Int32Array(field.labels.length)];
  for (let i = 0; i < field.values.length; i++) {
    const place = field.values[i] as number;
    if (Number.isNaN(place)) continue;
    all[place] = (all[place] as number) + 1;
    kept[place] = (kept[place] as number) + (mask[i] as number);
  }
  return field.labels
    .map((label, place) => ({ label, low: Number(label), high: Number(label), all: all[place] as number, kept: kept[place] as number }))
    .filter((slot) => slot.all > 0)
    .sort((a, b) => b.all - a.all);
}

/** How the numbers of a field lie on its own scale, in spans of the same width there. */
export function spanSlots(field: Field, mask: Uint8Array): readonly Slot[] {
  const line = axis(field.scale, field.domain, [0, BINS]);
  const [all, kept] = [new Int32Array(BINS), new Int32Array(BINS)];
  let count = 0;
  for (let i = 0; i < field.values.length; i++) {
    const at = line.at(field.values[i] as number);
    if (!Number.isFinite(field.values[i]) || Number.isNaN(at)) continue;
    // What lies beyond the axis, as of an objective that went astray, is counted at its end.
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(at)));
    all[bin] = (all[bin] as number) + 1;
    kept[bin] = (kept[bin] as number) + (mask[i] as number);
    count += 1;
  }
  if (count === 0) return [];
  return Array.from({ length: BINS }, (_, bin) => {
    const low = bin === 0 ? -Infinity : Number(line.valueAt(bin).toPrecision(3));
    const high = bin === BINS - 1 ? Infinity : Number(line.valueAt(bin + 1).toPrecision(3));
    return { label: '', low, high, all: all[bin] as number, kept: kept[bin] as number };
  });
}

/** What a filter says of a trial's tag or worker. */
export function clauseOf(name: string, label: string): string {
  return `${name} = ${JSON.stringify(label)}`;
}

/** The filter with a clause added, or without it where it stands there already. */
export function toggled(filter: string, clause: string): string {
  const parts = filter.split(' and ').map((part) => part.trim()).filter((part) => part !== '');
  if (parts.includes(clause)) return parts.filter((part) => part !== clause).join(' and ');
  const isLoose = / or /i.test(filter);
  return filter.trim() === '' ? clause : `${isLoose ? `(${filter.trim()})` : filter.trim()} and ${clause}`;
}

export function hasClause(filter: string, clause: string): boolean {
  return filter.split(' and ').some((part) => part.trim() === clause);
}

/** What a field is called among the brushes. */
export function brushName(field: Field): string | undefined {
  if (field.key === OBJECTIVE) return OBJECTIVE;
  return field.isParameter ? field.title : undefined;
}
