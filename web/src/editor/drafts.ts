import { ApiFailure, get, jobPath, type SpecDocument, type StarterDocument } from '../api/client';
import { withRanges } from './draft';

const KEPT = 'dowse.draft';

/** What was being written here before the page was loaded again. */
export function keptDraft(): string | undefined {
  return sessionStorage.getItem(KEPT) ?? undefined;
}

export function keepDraft(text: string): void {
  sessionStorage.setItem(KEPT, text);
}

export function forgetDraft(): void {
  sessionStorage.removeItem(KEPT);
}

export async function starters(): Promise<readonly StarterDocument[]> {
  const found = await get<{ starters: readonly StarterDocument[] }>('/api/v1/starters');
  return found.starters;
}

/** A draft made of a job that is there: its document, under no name, perhaps with other ranges. */
export async function draftOfJob(name: string, ranges: string | null): Promise<{ text: string; folder: string | undefined }> {
  const spec = await get<SpecDocument>(jobPath(name, 'spec'));
  const text = spec.document;
  if (text === '') throw new ApiFailure('not-found', 404, `${name} was made by a program, without a document`);
  return { text: ranges ? withRanges(text, rangesOf(ranges)) : text, folder: spec.launch.code.root ?? undefined };
}

/** `lr:1e-4..1e-2,depth:2..5`, as brushes write it into an address; names are percent-encoded. */
export function rangesOf(text: string): Map<string, readonly [string, string]> {
  const found = new Map<string, readonly [string, string]>();
  for (const part of text.split(',')) {
    const match = /^(.+):([^:]+)\.\.([^:]+)$/.exec(part);
    if (match) found.set(decodeURIComponent(match[1] as string), [match[2] as string, match[3] as string]);
  }
  return found;
}
