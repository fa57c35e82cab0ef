import { signal, type ReadonlySignal } from '@preact/signals';
import { ApiFailure, post, type DraftDocument } from '../api/client';
import type { Mark } from './CodeEditor';
import type { Draft, Slip } from './draft';

/** What the server says of a draft, asked a moment after the last change. */
export class Check {
  private readonly found = signal<DraftDocument | undefined>(undefined);
  private readonly broken = signal<ApiFailure | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  get answer(): ReadonlySignal<DraftDocument | undefined> {
    return this.found;
  }

  get failure(): ReadonlySignal<ApiFailure | undefined> {
    return this.broken;
  }

  ask(document: string, beside: object): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(document, beside), SOON_MS);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  private async send(document: string, beside: object): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    try {
      const answer = await post<DraftDocument>('/api/v1/check', { document, ...beside });
      if (mine !== this.asked) return; // A later question is under way.
      this.found.value = answer;
      this.broken.value = undefined;
    } catch (error) {
      if (mine === this.asked && error instanceof ApiFailure) this.broken.value = error;
    }
  }
}

const SOON_MS = 250;

/** Where the text is marked: the reader's own slip at once, then what the server found. */
export function marksOf(slip: Slip | undefined, answer: DraftDocument | undefined): Mark[] {
  if (slip) return [{ ...slip, isWarning: false }];
  return (answer?.problems ?? []).map((one) => ({
    line: one.location?.line ?? 1,
    column: one.location?.column ?? 1,
    message: one.path ? `${one.path}: ${one.message}` : one.message,
    isWarning: one.severity === 'warning',
  }));
}

/** Errors by the place of the field that they stand beside: its path, or the parameter's name. */
export function errorsByPlace(draft: Draft, answer: DraftDocument | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const one of answer?.problems ?? []) {
    if (one.severity === 'warning') continue;
    const path = one.path.replace(/\[(\d+)\]/g, '.$1');
    const entry = draft.parameters.find((each) => {
      const own = each.path.join('.');
      return path === own || path.startsWith(`${own}.`);
    });
    const place = entry ? entry.name : path;
    if (!found.has(place)) found.set(place, one.message);
  }
  return found;
}
