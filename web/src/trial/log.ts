import { signal } from '@preact/signals';
import { ApiFailure, get, jobPath } from '../api/client';
import type { components } from '../api/schema';

type LogDocument = components['schemas']['LogDocument'];

const TAIL = 200_000;
/** More would make a page slow; what was printed first goes. */
const MOST = 1_000_000;

/** What a trial printed: its end at first, then whatever comes. */
export class LogReader {
  readonly text = signal<string | undefined>(undefined);
  /** Whether what is known begins where the log begins. */
  readonly isWhole = signal(true);
  readonly failure = signal<ApiFailure | undefined>(undefined);
  private end: number | undefined;
  private isAsking = false;
  private readonly abort = new AbortController();

  constructor(
    private readonly job: string,
    private readonly number: number,
  ) {}

  /** Asks for what was printed since the last time. */
  async more(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      const found = await this.ask(this.end === undefined ? { tail: TAIL } : { offset: this.end });
      if (this.end === undefined) this.isWhole.value = found.offset <= TAIL;
      if (this.end === undefined || found.text !== '') this.keep((this.text.peek() ?? '') + found.text);
      this.end = found.offset;
      this.failure.value = undefined;
    } catch (error) {
      if (!this.abort.signal.aborted) this.miss(failureOf(error));
    } finally {
      this.isAsking = false;
    }
  }

  /** Shows the log from its first byte on, as far as a page can. */
  async fromBeginning(): Promise<void> {
    try {
      const found = await this.ask({ offset: 0 });
      this.text.value = found.text;
      this.end = found.offset;
      this.isWhole.value = true;
    } catch (error) {
      if (!this.abort.signal.aborted) this.failure.value = failureOf(error);
    }
  }

  /** All of it, however long. */
  async whole(): Promise<Blob> {
    const parts: string[] = [];
    for (let offset = 0; ; ) {
      const found = await this.ask({ offset });
      if (found.offset <= offset) return new Blob(parts, { type: 'text/plain' });
      parts.push(found.text);
      offset = found.offset;
    }
  }

  dispose(): void {
    this.abort.abort();
  }

  private ask(query: { tail: number } | { offset: number }): Promise<LogDocument> {
    return get<LogDocument>(jobPath(this.job, 'trials', this.number, 'log'), { ...query }, this.abort.signal);
  }

  /** There is no log before a trial has printed anything. */
  private miss(failure: ApiFailure): void {
    if (failure.kind === 'not-found') this.text.value ??= '';
    else this.failure.value = failure;
  }

  private keep(text: string): void {
    this.text.value = text.length > MOST ? text.slice(text.indexOf('\n', text.length - MOST) + 1) : text;
    if (text.length > MOST) this.isWhole.value = false;
  }
}

function failureOf(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
}
