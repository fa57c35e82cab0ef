/**
 * Ranges that were drawn on axes, in an address: `learning_rate:1e-4..1e-2;optimizer:=adamw,=lion`.
 * A range without an end is open there; several of one axis keep what lies in any of them.
 */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface Brush {
  readonly ranges: readonly Range[];
  /** Labels as texts, for axes that have names and no numbers. */
  readonly labels: readonly string[];
}

export type Brushes = ReadonlyMap<string, Brush>;

/** What the objective is called among the axes, which no parameter can be called. */
export const OBJECTIVE = '*';

export function readBrushes(text: string | null): Brushes {
  const found = new Map<string, Brush>();
  for (const part of (text ?? '').split(';')) {
    const cut = part.indexOf(':');
    if (cut <= 0) continue;
    const brush = readBrush(part.slice(cut + 1));
    if (brush !== undefined) found.set(unescaped(part.slice(0, cut)), brush);
  }
  return found;
}

export function writeBrushes(brushes: Brushes): string {
  return [...brushes]
    .map(([name, { ranges, labels }]) => {
      const parts = [...ranges.map(writeRange), ...labels.map((label) => `=${encodeURIComponent(label)}`)];
      return `${encodeURIComponent(name)}:${parts.join(',')}`;
    })
    .join(';');
}

function readBrush(text: string): Brush | undefined {
  const [ranges, labels]: [Range[], string[]] = [[], []];
  for (const part of text.split(',')) {
    if (part.startsWith('=')) {
      labels.push(unescaped(part.slice(1)));
      continue;
    }
    const [low = '', high = ''] = part.split('..');
    const range = { low: low === '' ? -Infinity : Number(low), high: high === '' ? Infinity : Number(high) };
    if (part.includes('..') && range.low <= range.high) ranges.push(range);
  }
  return ranges.length + labels.length > 0 ? { ranges, labels } : undefined;
}

function writeRange({ low, high }: Range): string {
  const end = (value: number) => (Number.isFinite(value) ? String(Number(value.toPrecision(6))) : '');
  return `${end(low)}..${end(high)}`;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function isWithin(brush: Brush, value: number): boolean {
  return brush.ranges.some(({ low, high }) => value >= low && value <= high);
}
