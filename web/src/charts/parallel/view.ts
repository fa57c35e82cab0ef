import { computed } from '@preact/signals';
import { OBJECTIVE } from '../../state/brushes';
import { query, setQuery } from '../../state/router';
import type { AxisChoice } from './model';

const INVERTED = '-';
const SWAPPED = '~';

/** The axes as the address has them: names in order, `-` before an inverted one, `~` for the other scale. */
const chosen = computed<readonly AxisChoice[] | undefined>(() => {
  const text = query.value.get('axes');
  return text === null ? undefined : text.split(',').filter(Boolean).map(read);
});

function read(text: string): AxisChoice {
  const marks = /^[-~]*/.exec(text)?.[0] ?? '';
  let name = text.slice(marks.length);
  try {
    name = decodeURIComponent(name);
  } catch {
    // Taken as it stands.
  }
  return { name, isInverted: marks.includes(INVERTED), isSwapped: marks.includes(SWAPPED) };
}

function write({ name, isInverted, isSwapped }: AxisChoice): string {
  // A name that begins with a mark keeps it by being escaped.
  const escaped = encodeURIComponent(name).replace(/^[-~]/, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `${isInverted ? INVERTED : ''}${isSwapped ? SWAPPED : ''}${escaped}`;
}

/** All axes in their order: by itself the parameters as they were written, and the objective last. */
export function axisChoices(parameters: Iterable<string>): readonly AxisChoice[] {
  const plain = (name: string): AxisChoice => ({ name, isInverted: false, isSwapped: false });
  return chosen.value ?? [...[...parameters].map(plain), plain(OBJECTIVE)];
}

export function chooseAxes(choices: readonly AxisChoice[] | undefined): void {
  setQuery({ axes: choices === undefined ? null : choices.map(write).join(',') });
}
