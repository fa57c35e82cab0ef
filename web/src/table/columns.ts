import { DURATION, fieldOf, STATUS, STEP, TAGS, TRIAL, WORKER, type Field } from '../charts/fields';
import type { Table } from '../charts/chart';
import { OBJECTIVE } from '../state/brushes';
import { duration, number, reading, value } from '../state/format';
import { STATUSES, type Status } from '../state/statuses';
import { words } from '../i18n/words';
import { durationOf, type Trials } from '../state/trials';

/** These always stand at the left; whatever else is shown can be chosen. */
const FIXED: readonly string[] = [TRIAL, STATUS, OBJECTIVE];
const MOST_AT_FIRST = 10;

/** Fields in the order in which a table shows them. */
export function orderedFields(fields: readonly Field[]): readonly Field[] {
  const parameters = fields.filter((one) => one.isParameter);
  const last = [STEP, DURATION, WORKER, TAGS].map((key) => fieldOf(fields, key)).filter((one) => one !== undefined);
  const fixed = FIXED.map((key) => fieldOf(fields, key)).filter((one) => one !== undefined);
  const known = new Set([...fixed, ...parameters, ...last]);
  const metrics = fields.filter((one) => !known.has(one));
  return [...fixed, ...parameters, ...metrics, ...last];
}

/** The columns that the address names, or, where it names none, the first few parameters and all the rest. */
export function shownFields(ordered: readonly Field[], text: string | null): readonly Field[] {
  const asked = text === null ? undefined : new Set(text.split(',').map(unescaped));
  let parameters = 0;
  return ordered.filter((one) => {
    if (FIXED.includes(one.key)) return true;
    if (asked) return asked.has(one.key);
    return !one.isParameter || ++parameters <= MOST_AT_FIRST;
  });
}

export function isFixed(field: Field): boolean {
  return FIXED.includes(field.key);
}

export function writeColumns(shown: readonly Field[]): string {
  return shown.filter((one) => !isFixed(one)).map((one) => encodeURIComponent(one.key)).join(',') || '-';
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const WIDTHS: Readonly<Record<string, number>> = { [TRIAL]: 74, [STATUS]: 138, [OBJECTIVE]: 96, [STEP]: 76, [DURATION]: 92 };
const [NARROW, WIDE] = [84, 200];
const PER_LETTER = 7;

/** How wide a column is, in pixels: rows are laid out without measuring any of them. */
export function widthOf(field: Field): number {
  const known = WIDTHS[field.key];
  const longest = Math.max(field.title.length, ...field.labels.map((label) => label.length));
  const needed = Math.min(WIDE, Math.max(NARROW, 24 + longest * PER_LETTER));
  return known === undefined ? needed : Math.max(known, Math.min(WIDE, 34 + field.title.length * PER_LETTER));
}

/** Whether the last report of the objective was no number, which is not the same as having none. */
export function isNotANumber(trials: Trials, i: number): boolean {
  if (!Number.isNaN(trials.objective[i])) return false;
  const reported = trials.metrics.get(trials.metric);
  return reported !== undefined && (reported.reports[i] ?? 0) > 0 && Number.isNaN(reported.last[i]);
}

/** What a cell says. */
export function textOf(trials: Trials, field: Field, i: number, now: number): string {
  const found = field.values[i] as number;
  if (field.key === DURATION) return duration(durationOf(trials, i, now));
  if (field.key === STATUS) return words()[statusAt(found)];
  if (field.key === OBJECTIVE) return isNotANumber(trials, i) ? number(NaN) : reading(found);
  if (field.key === STEP) return reading(stepOf(trials, i));
  if (Number.isNaN(found)) return value(null);
  if (field.kind === 'labels') return field.labels[found] as string;
  return field.isParameter ? value(found) : number(found);
}

/** The step of what counts, or of the last report while a trial runs. */
export function stepOf(trials: Trials, i: number): number | undefined {
  const step = trials.step[i] as number;
  return Number.isNaN(step) ? trials.metrics.get(trials.metric)?.step[i] : step;
}

function statusAt(place: number): Status {
  return STATUSES[place] ?? 'queued';
}

/** What of the trials is shown, as it is: numbers with all their digits, statuses by their words in filters. */
export function tableOf(trials: Trials, fields: readonly Field[], places: Int32Array, now: number): Table {
  const cells = (i: number) =>
    fields.map((field) => {
      const found = field.values[i] as number;
      if (field.key === STATUS) return trials.statuses[i] ?? null;
      if (field.key === DURATION) return orNothing(durationOf(trials, i, now));
      if (field.key === STEP) return orNothing(stepOf(trials, i) ?? NaN);
      if (field.key === OBJECTIVE && isNotANumber(trials, i)) return 'NaN';
      if (field.kind === 'labels') return Number.isNaN(found) ? null : (field.labels[found] as string);
      return orNothing(found);
    });
  return { columns: fields.map(nameOf), rows: Array.from(places, cells) };
}

/** JSON has no infinities; they are words, as the API writes them. */
function orNothing(found: number): number | string | null {
  if (Number.isNaN(found)) return null;
  return Number.isFinite(found) ? found : String(found);
}

const NAMES: Readonly<Record<string, string>> = { [TRIAL]: 'trial', [STATUS]: 'status', [DURATION]: 'duration_s', [STEP]: 'step', [WORKER]: 'worker', [TAGS]: 'tags' };

/** Column names of exports do not change with the language. */
function nameOf(field: Field): string {
  return NAMES[field.key] ?? field.title;
}

/** An object for each row. A name that two columns have is told apart by what it is. */
export function jsonOf({ columns, rows }: Table): string {
  const seen = new Map<string, number>();
  const names = columns.map((name) => {
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name} (${before + 1})`;
  });
  return JSON.stringify(rows.map((row) => Object.fromEntries(names.map((name, k) => [name, row[k]]))), null, 1);
}

/** Whether a column stands at the right, as numbers do: also where they are choices of a list. */
export function isNumberField(field: Field): boolean {
  return field.kind === 'numbers' || (field.labels.length > 0 && field.labels.every((label) => Number.isFinite(Number(label))));
}
