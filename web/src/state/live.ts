import { signal } from '@preact/signals';
import { get, isLoggedIn } from '../api/client';

/** What happened, as the server's stream tells it; `tick` where only asking again can tell. */
export interface Happening {
  readonly kind: 'event' | 'deleted' | 'tick';
  readonly job: string | null;
}

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'polling';

interface Told {
  readonly happenings: readonly Happening[];
  readonly connection: Connection;
}

const STREAM = '/api/v1/events';
const LOCK = 'dowse.live';
const CHANNEL = 'dowse.live';
const GATHER_MS = 250;
const POLL_MS = 5000;
const SILENT_MS = 40_000; // The server breaks its silence every 15 s.

export const connection = signal<Connection>('connecting');
/** When something was last heard, in milliseconds of the epoch. */
export const heardAt = signal(Date.now());

const listeners = new Set<(happenings: readonly Happening[]) => void>();

/** Calls back with what happened, at most four times a second; what comes back ends it. */
export function listen(to: (happenings: readonly Happening[]) => void): () => void {
  listeners.add(to);
  return () => listeners.delete(to);
}

/**
 * Follows the server. Browsers allow six connections to a server in all tabs together, so one tab
 * holds the stream and tells the others; when it closes, another takes over.
 */
export function followServer(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (message: MessageEvent<Told>) => hear(message.data);
  const lead = () => new Leader((told) => {
    channel.postMessage(told);
    hear(told);
  }).run();
  // Locks are for pages of HTTPS or localhost; elsewhere each tab has a stream of its own.
  if (navigator.locks) void navigator.locks.request(LOCK, lead);
  else void lead();
  connection.value = 'connecting';
  // A tab that follows another hears nothing until something happens.
  setTimeout(() => connection.value === 'connecting' && (connection.value = 'live'), 1500);
}

function hear(told: Told): void {
  connection.value = told.connection;
  if (told.connection !== 'reconnecting') heardAt.value = Date.now();
  if (told.happenings.length > 0) for (const listener of [...listeners]) listener(told.happenings);
}

class Leader {
  private waiting: Happening[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private source: EventSource | undefined;
  private state: Connection = 'connecting';
  private lastOpen = Date.now();

  constructor(private readonly tell: (told: Told) => void) {}

  /** Never ends: the lock is held as long as the tab lives. */
  async run(): Promise<never> {
    this.open();
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (!isLoggedIn.value) continue;
      if (this.source?.readyState === EventSource.CLOSED) this.open();
      if (this.state !== 'live' && Date.now() - this.lastOpen > POLL_MS) await this.poll();
    }
  }

  private open(): void {
    this.source?.close();
    const source = new EventSource(STREAM);
    this.source = source;
    const isBack = () => {
      const wasAway = this.state !== 'live';
      this.lastOpen = Date.now();
      // What happened meanwhile is asked for once; the stream itself goes on after its last id.
      this.say('live', wasAway ? [{ kind: 'tick', job: null }] : []);
    };
    source.onopen = isBack;
    source.onerror = () => this.say('reconnecting', []);
    source.addEventListener('event', (message) => this.gather('event', message));
    source.addEventListener('deleted', (message) => this.gather('deleted', message));
  }

  private gather(kind: 'event' | 'deleted', message: MessageEvent<string>): void {
    this.lastOpen = Date.now();
    const { job } = JSON.parse(message.data) as { job: string };
    if (!this.waiting.some((one) => one.kind === kind && one.job === job)) this.waiting.push({ kind, job });
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.say('live', this.waiting.splice(0));
    }, GATHER_MS);
  }

  /** Where no stream gets through, as with some proxies, asking every few seconds does. */
  private async poll(): Promise<void> {
    try {
      await get('/healthz');
      this.say('polling', [{ kind: 'tick', job: null }]);
    } catch {
      this.say('reconnecting', []);
    }
  }

  private say(state: Connection, happenings: readonly Happening[]): void {
    this.state = state;
    this.tell({ connection: state, happenings });
  }
}

/** Whether what is shown may be old: nothing was heard for longer than the server is ever silent. */
export function isStale(now: number): boolean {
  return connection.value === 'reconnecting' && now - heardAt.value > SILENT_MS;
}
