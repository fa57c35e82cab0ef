import { signal } from '@preact/signals';
import type { components } from './schema';

type Schemas = components['schemas'];
export type JobSummary = Schemas['JobSummary'];
export type JobDocument = Schemas['JobDocument'];
export type TrialDocument = Schemas['TrialDocument'];
export type ProgressDocument = Schemas['ProgressDocument'];
export type ProblemDocument = Schemas['ProblemDocument'];
export type EventsDocument = Schemas['EventsDocument'];
export type NumberedEvent = Schemas['NumberedEventForm'];
export type DraftDocument = Schemas['DraftDocument'];
export type PreviewDocument = Schemas['PreviewDocument'];
export type SpecDocument = Schemas['SpecForm'];
export type StarterDocument = Schemas['StarterDocument'];
export type SettingsDocument = Schemas['SettingsDocument'];
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** False once the server has said that this browser is not logged in. */
export const isLoggedIn = signal(true);

/**
 * Why a request was not granted. `kind` is the API's word for what to do about it, or `unreachable`
 * where no answer came at all.
 */
export class ApiFailure extends Error {
  constructor(
    readonly kind: string,
    readonly status: number,
    readonly detail: string,
    readonly problems: readonly ProblemDocument[] = [],
  ) {
    super(detail);
  }

  /** Whether asking again may help without anything being changed. */
  get mayPass(): boolean {
    return ['unreachable', 'unavailable', 'timeout', 'too-many-requests', 'error'].includes(this.kind);
  }
}

export async function get<T>(path: string, query: Query = {}, abort?: AbortSignal): Promise<T> {
  return (await send('GET', path + queryText(query), undefined, abort)) as T;
}

export async function post<T>(path: string, body: unknown = undefined): Promise<T> {
  return (await send('POST', path, body)) as T;
}

/** Sends a file as it is. */
export async function upload<T>(path: string, data: Blob): Promise<T> {
  return (await send('POST', path, data)) as T;
}

export async function remove(path: string): Promise<void> {
  await send('DELETE', path, undefined);
}

/** The path of a job's resource; names may hold letters of any script. */
export function jobPath(name: string, ...rest: readonly (string | number)[]): string {
  return ['/api/v1/jobs', name, ...rest].map((part, i) => (i ? encodeURIComponent(part) : part)).join('/');
}

export function queryText(query: Query): string {
  const found = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) found.append(key, String(one));
  }
  const text = found.toString();
  return text && `?${text}`;
}

async function send(method: string, path: string, body: unknown, abort?: AbortSignal): Promise<unknown> {
  const request: RequestInit = { method, credentials: 'same-origin', signal: abort ?? null };
  if (body !== undefined) {
    const isFile = body instanceof Blob;
    request.body = isFile ? body : JSON.stringify(body);
    request.headers = { 'Content-Type': isFile ? body.type : 'application/json' };
  }
  let answer: Response;
  try {
    answer = await fetch(path, request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiFailure('unreachable', 0, 'the server does not answer');
  }
  if (!answer.ok) throw await failureOf(answer);
  if (answer.status === 204) return undefined;
  return answer.json();
}

async function failureOf(answer: Response): Promise<ApiFailure> {
  if (answer.status === 401) isLoggedIn.value = false;
  try {
    const found = (await answer.json()) as Schemas['FailureDocument'];
    return new ApiFailure(found.type, answer.status, found.detail, found.problems);
  } catch {
    return new ApiFailure('error', answer.status, `the server answered ${answer.status} and no more`);
  }
}

/** JSON has no NaN and no infinities; the API writes them as words. Null becomes NaN. */
export function toNumber(value: number | string | null | undefined): number {
  return value === null || value === undefined ? NaN : Number(value);
}
