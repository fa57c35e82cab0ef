import { signal } from '@preact/signals';
import { ApiFailure, get, jobPath } from '../api/client';
import type { components } from '../api/schema';
import { Terminal, type Block } from './terminal';

type LogDocument = components['schemas']['LogDocument'];

const TAIL = 200_000;
/** More would make a page slow; what was printed first goes. */
const MOST = 1_500_000;
/** The server answers with a megabyte at most: after so much there may be more. */
const MUCH = 500_000;

/** What a trial printed: its end at first, then whatever comes. */
export class LogReader {
  readonly blocks = signal<readonly Block[] | undefined>(undefined);
  /** Whether what is known begins where the log begins. */
  readonly isWhole = signal(true);
  /** Whether the beginning is shown, and the end is not. */
  readonly isBeginning = signal(false);
  readonly failure = signal<ApiFailure | undefined>(undefined);
  private terminal = new Terminal(MOST);
  /** The file that is read: another attempt of the trial has another one. */
  private path: string | undefined;
  private end = 0;
  private isAsking = false;
  private readonly abort = new AbortController();

  constructor(
    private readonly job: string,
    private readonly number: number,
  ) {}

  /** Asks for what was printed since the last time. */
  async more(): Promise<void> {
    if (this.isBeginning.peek()) return;
    await this.once(async () => {
      for (let found = await this.next(); found.text.length > MUCH; ) found = await this.next();
    });
  }

  /** Shows the log from its first byte on, as far as a page can. */
  async fromBeginning(): Promise<void> {
    await this.once(async () => {
      const found = await this.ask({ offset: 0 });
      this.begin(found, true);
      // What is missing behind it stays in the file.
      this.isBeginning.value = found.text.length > MUCH;
    });
  }

  /** Goes back to the end, and to what comes. */
  async fromEnd(): Promise<void> {
    this.isBeginning.value = false;
    this.path = undefined;
    await this.more();
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

  private async once(ask: () => Promise<void>): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      await ask();
      this.failure.value = undefined;
    } catch (error) {
      if (!this.abort.signal.aborted) this.miss(failureOf(error));
    } finally {
      this.isAsking = false;
    }
  }

  private async next(): Promise<LogDocument> {
    const found = await this.ask(this.path === undefined ? { tail: TAIL } : { offset: this.end });
    if (this.path === undefined) this.begin(found, found.offset <= TAIL);
    else if (found.path !== this.path) {
      // The trial was begun once more.
      this.path = undefined;
      return this.next();
    } else if (found.text !== '') this.take(found);
    this.end = found.offset;
    return found;
  }

  private begin(found: LogDocument, isWhole: boolean): void {
    this.path = found.path;
    this.end = found.offset;
    this.terminal = new Terminal(MOST);
    this.isWhole.value = isWhole;
    // A tail begins anywhere in a line.
    this.take({ ...found, text: isWhole ? found.text : found.text.slice(found.text.indexOf('\n') + 1) });
  }

  private take({ text }: LogDocument): void {
    this.terminal.write(text);
    this.blocks.value = this.terminal.blocks();
    if (this.terminal.isCut) this.isWhole.value = false;
  }

  private ask(query: { tail: number } | { offset: number }): Promise<LogDocument> {
    return get<LogDocument>(jobPath(this.job, 'trials', this.number, 'log'), { ...query }, this.abort.signal);
  }

  /** There is no log before a trial has printed anything. */
  private miss(failure: ApiFailure): void {
    if (failure.kind === 'not-found') this.blocks.value ??= [];
    else this.failure.value = failure;
  }
}

function failureOf(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
}
