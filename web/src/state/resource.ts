import { signal, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiFailure } from '../api/client';
import { listen, type Happening } from './live';

/** Something of the server's: what is known of it, and why no more is. */
export interface Resource<T> {
  readonly data: ReadonlySignal<T | undefined>;
  /** The last attempt's failure; `data` keeps what was known before. */
  readonly failure: ReadonlySignal<ApiFailure | undefined>;
  refresh(): Promise<void>;
}

type Load<T> = (abort: AbortSignal) => Promise<T>;

export class Loading<T> implements Resource<T> {
  readonly data = signal<T | undefined>(undefined);
  readonly failure = signal<ApiFailure | undefined>(undefined);
  private running: Promise<void> | undefined;
  private again = false;
  private readonly abort = new AbortController();

  constructor(private readonly load: Load<T>) {}

  /** Asks once more. Questions do not overlap: one that comes meanwhile is asked afterwards, once. */
  async refresh(): Promise<void> {
    if (this.running !== undefined) {
      this.again = true;
      return this.running;
    }
    this.running = this.ask();
    try {
      await this.running;
    } finally {
      this.running = undefined;
    }
    if (this.again && !this.abort.signal.aborted) {
      this.again = false;
      await this.refresh();
    }
  }

  dispose(): void {
    this.abort.abort();
  }

  private async ask(): Promise<void> {
    try {
      const found = await this.load(this.abort.signal);
      if (this.abort.signal.aborted) return;
      this.data.value = found;
      this.failure.value = undefined;
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.failure.value = error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
    }
  }
}

/**
 * A resource for as long as a component shows it. `key` names what is loaded: another key loads
 * anew. It is asked for again whenever `concerns` says that what happened touches it.
 */
export function useResource<T>(
  key: string,
  load: Load<T>,
  concerns: (happening: Happening) => boolean = () => false,
): Resource<T> {
  const current = useSignal<{ key: string; loading: Loading<T> } | undefined>(undefined);
  if (current.peek()?.key !== key) {
    current.peek()?.loading.dispose();
    current.value = { key, loading: new Loading(load) };
  }
  const { loading } = current.value as { key: string; loading: Loading<T> };
  useEffect(() => {
    void loading.refresh();
    const end = listen((happenings) => {
      if (happenings.some((one) => one.job === null || concerns(one))) void loading.refresh();
    });
    return () => {
      end();
      loading.dispose();
    };
  }, [loading]);
  return loading;
}
