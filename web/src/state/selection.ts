import { computed } from '@preact/signals';
import { compile, FilterError, relaxations, type Relaxation } from '../filter/filter';
import { readerOf, schemaOf, type AtStep } from '../filter/trials';
import { isWithin, OBJECTIVE, readBrushes, writeBrushes, type Brush, type Brushes } from './brushes';
import { now } from './clock';
import { query, setQuery } from './router';
import { STATUSES, type Status } from './statuses';
import type { Column, Trials } from './trials';

/** The one filter that all views of a job share. It stands in the address. */
export const filterText = computed(() => query.value.get('f') ?? '');
export const brushes = computed<Brushes>(() => readBrushes(query.value.get('brush')));
/** The statuses that are shown; none means all. */
export const statuses = computed<readonly Status[]>(() => {
  const asked = (query.value.get('status') ?? '').split(',');
  return STATUSES.filter((status) => asked.includes(status));
});
/** The best so many percent of the trials that have a result; 100 is all, also those without. */
export const topShare = computed(() => {
  const asked = Number(query.value.get('top') ?? 100);
  return asked > 0 && asked < 100 ? asked : 100;
});

export interface Selection {
  /** 1 where a trial is left, in the order of the trials. */
  readonly mask: Uint8Array;
  readonly count: number;
  /** What is wrong with the filter; then it keeps everything. */
  readonly error: FilterError | undefined;
  /** Whether anything is left out at all. */
  readonly isAll: boolean;
}

/** What the filter, the statuses and the top share leave; the brushes are not counted in yet. */
export function selectUnbrushed(trials: Trials, atStep: AtStep): Selection {
  const mask = new Uint8Array(trials.count).fill(1);
  const error = keepFiltered(mask, trials, atStep);
  keepStatuses(mask, trials);
  keepTop(mask, trials);
  return selectionOf(mask, error);
}

/** What the address leaves of the trials. */
export function select(trials: Trials, unbrushed: Selection): Selection {
  if (brushes.value.size === 0) return unbrushed;
  return selectionOf(brushed(unbrushed.mask, trials, brushes.value), unbrushed.error);
}

/** What is left of a mask within brushes; an axis that the job lacks leaves everything. */
export function brushed(base: Uint8Array, trials: Trials, drawn: Brushes): Uint8Array {
  if (drawn.size === 0) return base;
  const mask = base.slice();
  for (const [name, brush] of drawn) keepBrushed(mask, trials, name, brush);
  return mask;
}

function selectionOf(mask: Uint8Array, error: FilterError | undefined): Selection {
  let count = 0;
  for (const kept of mask) count += kept;
  return { mask, count, error, isAll: count === mask.length };
}

function keepFiltered(mask: Uint8Array, trials: Trials, atStep: AtStep): FilterError | undefined {
  if (filterText.value.trim() === '') return undefined;
  try {
    const keeps = compile(filterText.value, schemaOf(trials), readerOf(trials, now.peek(), atStep));
    for (let i = 0; i < mask.length; i++) if (!keeps(i)) mask[i] = 0;
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
}

function keepStatuses(mask: Uint8Array, trials: Trials): void {
  if (statuses.value.length === 0) return;
  const wanted = new Set(statuses.value);
  for (let i = 0; i < mask.length; i++) if (!wanted.has(trials.statuses[i] as Status)) mask[i] = 0;
}

function keepTop(mask: Uint8Array, trials: Trials): void {
  if (topShare.value === 100) return;
  const best = trials.ranking.slice(0, Math.max(1, Math.ceil((trials.ranking.length * topShare.value) / 100)));
  const top = new Uint8Array(mask.length);
  for (const place of best) top[place] = 1;
  for (let i = 0; i < mask.length; i++) if (top[i] === 0) mask[i] = 0;
}

function keepBrushed(mask: Uint8Array, trials: Trials, name: string, brush: Brush): void {
  const column: Column | undefined =
    name === OBJECTIVE ? { kind: 'numbers', values: trials.objective } : trials.parameters.get(name);
  // An axis that this job lacks: the address came from another one.
  if (column === undefined) return;
  if (column.kind === 'numbers') {
    for (let i = 0; i < mask.length; i++) if (!isWithin(brush, column.values[i] as number)) mask[i] = 0;
    return;
  }
  const wanted = column.labels.map((label) => brush.labels.includes(String(label)));
  for (let i = 0; i < mask.length; i++) if (!wanted[column.codes[i] as number]) mask[i] = 0;
}

/** Which parts of the filter leave out most, so that one of them can be given up. */
export function relaxed(trials: Trials, atStep: AtStep): readonly Relaxation[] {
  try {
    return relaxations(filterText.value, schemaOf(trials), readerOf(trials, now.peek(), atStep), trials.count);
  } catch {
    return []; // A filter that cannot be read leaves nothing out.
  }
}

export function setFilter(text: string): void {
  setQuery({ f: text.trim() === '' ? null : text });
}

/** Draws a range on an axis, or takes it away. */
export function setBrush(name: string, brush: Brush | undefined): void {
  const next = new Map(brushes.value);
  if (brush === undefined) next.delete(name);
  else next.set(name, brush);
  setQuery({ brush: writeBrushes(next) || null });
}

export function clearSelection(): void {
  setQuery({ f: null, brush: null, status: null, top: null });
}
