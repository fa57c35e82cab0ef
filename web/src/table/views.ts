import { signal } from '@preact/signals';
import { recall, remember } from '../i18n/language';

/** What of an address makes a view of the trials. */
const PARTS: readonly string[] = ['f', 'brush', 'status', 'top', 'sort', 'cols', 'dense'];
const KEY = 'dowse.views';

export interface View {
  readonly name: string;
  /** The part of an address after the question mark. */
  readonly search: string;
}

/** The views that were saved in this browser. */
export const views = signal<readonly View[]>(typeof localStorage === 'undefined' ? [] : readViews(recall(KEY)));

export function readViews(text: string | null): readonly View[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(found) ? found.filter(isView) : [];
  } catch {
    return []; // Somebody else wrote there.
  }
}

function isView(given: unknown): given is View {
  const { name, search } = (given ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof search === 'string';
}

/** The choices of an address that belong to a view. */
export function viewOf(search: string): string {
  const query = new URLSearchParams(search);
  for (const key of [...query.keys()]) if (!PARTS.includes(key)) query.delete(key);
  return query.toString();
}

export function saveView(name: string, search: string): void {
  keep([...views.value.filter((one) => one.name !== name), { name, search: viewOf(search) }]);
}

export function dropView(name: string): void {
  keep(views.value.filter((one) => one.name !== name));
}

function keep(next: readonly View[]): void {
  views.value = next;
  remember(KEY, JSON.stringify(next));
}
