import { finiteSorted, quantileOf } from '../charts/scales';
import type { Trials } from '../state/trials';
import { KEYWORDS } from './grammar';

/** A filter that this job's trials could be asked with; undefined where nothing varies yet. */
export function exampleFilter({ parameters }: Trials): string | undefined {
  for (const [name, column] of parameters) {
    if (column.kind !== 'numbers') continue;
    const sorted = finiteSorted(column.values);
    if (sorted.length === 0) continue;
    return `${written(name)} < ${Number(quantileOf(sorted, 0.5).toPrecision(2))}`;
  }
  for (const [name, column] of parameters) {
    const [label] = column.kind === 'codes' ? column.labels : [];
    if (label !== undefined) return `${written(name)} = ${typeof label === 'string' ? JSON.stringify(label) : label}`;
  }
  return undefined;
}

/** A name as the language takes it: bare, or between backticks. */
function written(name: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(name) && !KEYWORDS.has(name.toLowerCase()) ? name : `\`${name}\``;
}
