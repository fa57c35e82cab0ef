import { signal } from '@preact/signals';
import { get, isLoggedIn, queryText, type JobSummary } from '../api/client';
import type { ColumnsDocument } from './trials';

/**
 * What changed. `resync` says to read a job anew, or everything where it is null; it also stands
 * for every poll where no stream gets through.
 */
export type Happening =
  | { readonly kind: 'resync'; readonly job: string | null }
  | { readonly kind: 'job'; readonly job: string; readonly summary: JobSummary }
  | { readonly kind: 'trials'; readonly job: string; readonly columns: ColumnsDocument }
  | { readonly kind: 'deleted'; readonly job: string };

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'polling';

/** What tabs of one browser say to each other. */
type Word =
  | { readonly say: 'told'; readonly happenings: readonly Happening[]; readonly connection: Connection }
  | { readonly say: 'follows'; readonly tab: string; readonly jobs: readonly string[] }
  | { readonly say: 'who' };

const STREAM = '/api/v1/changes';
const NAME = 'dowse.live';
const POLL_MS = 5000;
const SILENT_MS = 40_000; // The server says `here` after 15 s of silence.
const MOST_FOLLOWED = 20;

export const connection = signal<Connection>('connecting');
/** When the server was last known to be there, in milliseconds of the epoch. */
export const heardAt = signal(Date.now());

const listeners = new Set<(happenings: readonly Happening[]) => void>();
const followed = new Map<string, number>();
const tab = Math.random().toString(36).slice(2);
let channel: BroadcastChannel | undefined;
let leader: Leader | undefined;

/** Calls back with what changed, a few times a second at most; what comes back ends it. */
export function listen(to: (happenings: readonly Happening[]) => void): () => void {
  listeners.add(to);
  return () => listeners.delete(to);
}

/** Asks for the trials of a job as they change; what comes back ends it. */
export function follow(job: string): () => void {
  followed.set(job, (followed.get(job) ?? 0) + 1);
  announce();
  return () => {
    const left = (followed.get(job) ?? 1) - 1;
    if (left > 0) followed.set(job, left);
    else followed.delete(job);
    announce();
  };
}

/**
 * Follows the server. Browsers allow six connections to a server in all tabs together, so one tab
 * holds the stream and tells the others; when it closes, another takes over.
 */
export function followServer(): void {
  if (channel !== undefined) return;
  channel = new BroadcastChannel(NAME);
  channel.onmessage = (message: MessageEvent<Word>) => take(message.data);
  addEventListener('pagehide', () => say({ say: 'follows', tab, jobs: [] }));
  addEventListener('pageshow', announce);
  // Locks are for pages of HTTPS or localhost; elsewhere each tab has a stream of its own.
  if (navigator.locks) void navigator.locks.request(NAME, () => lead());
  else void lead();
  announce();
  // A tab that follows another hears nothing until something happens.
  setTimeout(() => {
    if (connection.value === 'connecting') connection.value = 'live';
  }, 1500);
}

/** Whether what is shown may be old: nothing was heard for longer than the server is ever silent. */
export function isStale(now: number): boolean {
  return connection.value === 'reconnecting' && now - heardAt.value > SILENT_MS;
}

function lead(): Promise<never> {
  leader = new Leader((happenings, state) => {
    const told: Word = { say: 'told', happenings, connection: state };
    say(told);
    take(told);
  });
  announce();
  say({ say: 'who' });
  return leader.run();
}

function announce(): void {
  const jobs = [...followed.keys()];
  leader?.follow(tab, jobs);
  say({ say: 'follows', tab, jobs });
}

function say(word: Word): void {
  channel?.postMessage(word);
}

function take(word: Word): void {
  switch (word.say) {
    case 'who':
      announce();
      return;
    case 'follows':
      leader?.follow(word.tab, word.jobs);
      return;
    case 'told':
      // A line that breaks was there until now, however long it was silent.
      if (word.connection !== 'reconnecting' || connection.value !== 'reconnecting') heardAt.value = Date.now();
      connection.value = word.connection;
      if (word.happenings.length > 0) for (const listener of [...listeners]) listener(word.happenings);
  }
}

class Leader {
  private source: EventSource | undefined;
  private asked = '';
  private readonly tabs = new Map<string, readonly string[]>();
  private state: Connection = 'connecting';
  private lastOpen = Date.now();

  constructor(private readonly tell: (happenings: readonly Happening[], state: Connection) => void) {}

  follow(tab: string, jobs: readonly string[]): void {
    this.tabs.set(tab, jobs);
    if (this.source !== undefined && this.wanted() !== this.asked) this.open();
  }

  /** Never ends: the lock is held as long as the tab lives. */
  async run(): Promise<never> {
    this.open();
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (!isLoggedIn.value) continue;
      // After a sleep of the machine a line may be dead and nobody says so.
      const isSilent = this.state === 'live' && Date.now() - this.lastOpen > SILENT_MS;
      if (isSilent) this.say('reconnecting', []);
      if (isSilent || this.source?.readyState === EventSource.CLOSED) this.open();
      if (this.state !== 'live' && Date.now() - this.lastOpen > POLL_MS) await this.poll();
    }
  }

  private wanted(): string {
    const jobs = [...new Set([...this.tabs.values()].flat())].sort().slice(0, MOST_FOLLOWED);
    return STREAM + queryText({ job: jobs });
  }

  private open(): void {
    this.source?.close();
    this.asked = this.wanted();
    const source = new EventSource(this.asked);
    this.source = source;
    source.onopen = () => {
      this.lastOpen = Date.now();
      this.say('live', []);
    };
    source.onerror = () => this.say('reconnecting', []);
    this.on(source, 'here', () => []);
    this.on(source, 'resync', ({ job }: { job: string | null }) => [{ kind: 'resync', job }]);
    this.on(source, 'deleted', ({ job }: { job: string }) => [{ kind: 'deleted', job }]);
    this.on(source, 'jobs', ({ jobs }: { jobs: readonly JobSummary[] }) =>
      jobs.map((summary) => ({ kind: 'job', job: summary.name, summary })),
    );
    this.on(source, 'trials', (columns: ColumnsDocument) => [{ kind: 'trials', job: columns.job, columns }]);
  }

  private on<T>(source: EventSource, kind: string, read: (data: T) => readonly Happening[]): void {
    source.addEventListener(kind, (message: MessageEvent<string>) => {
      this.lastOpen = Date.now();
      this.say('live', read(JSON.parse(message.data) as T));
    });
  }

  /** Where no stream gets through, as with some proxies, asking every few seconds does. */
  private async poll(): Promise<void> {
    try {
      await get('/healthz');
      this.say('polling', [{ kind: 'resync', job: null }]);
    } catch {
      this.say('reconnecting', []);
    }
  }

  private say(state: Connection, happenings: readonly Happening[]): void {
    this.state = state;
    this.tell(happenings, state);
  }
}
