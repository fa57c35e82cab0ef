import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { get, jobPath, type ApiFailure, type ProgressDocument } from '../api/client';
import type { components } from '../api/schema';
import { listen } from './live';
import { Loading } from './resource';
import { takeIn, type ColumnsDocument, type Trials } from './trials';

export type Spec = components['schemas']['SpecForm'];
export type Parameter = Spec['parameters'][number];

const RUNNING_POLL_MS = 2000;

/** Everything the pages of one job share: asked for once, kept up to date while one of them shows. */
export class JobModel {
  private readonly asking: Loading<ProgressDocument>;
  private readonly sheet: Loading<Trials>;
  private readonly described: Loading<Spec>;
  private readonly ends: (() => void)[] = [];
  /** True once the job was deleted while it was looked at. */
  readonly isDeleted = signal(false);

  constructor(readonly name: string) {
    this.asking = new Loading((abort) => get<ProgressDocument>(jobPath(name, 'progress'), {}, abort));
    this.described = new Loading((abort) => get<Spec>(jobPath(name, 'spec'), {}, abort));
    this.sheet = new Loading(async (abort) => {
      const known = this.sheet.data.peek();
      const since = known === undefined ? {} : { since: known.cursor };
      const found = await get<ColumnsDocument>(jobPath(name, 'trials', 'columns'), since, abort);
      return takeIn(known, found);
    });
  }

  get progress(): ReadonlySignal<ProgressDocument | undefined> {
    return this.asking.data;
  }

  get spec(): ReadonlySignal<Spec | undefined> {
    return this.described.data;
  }

  get trials(): ReadonlySignal<Trials | undefined> {
    return this.sheet.data;
  }

  readonly failure = computed<ApiFailure | undefined>(
    () => this.asking.failure.value ?? this.described.failure.value ?? this.sheet.failure.value,
  );

  /** Whether trials may change without an event that says so: by what they report. */
  get isMoving(): boolean {
    return (this.progress.peek()?.live.length ?? 0) > 0;
  }

  start(): void {
    void this.refresh();
    const timer = setInterval(() => {
      if (this.isMoving && !document.hidden) void this.refresh();
    }, RUNNING_POLL_MS);
    this.ends.push(() => clearInterval(timer));
    this.ends.push(
      listen((happenings) => {
        for (const { kind, job } of happenings) {
          if (kind === 'deleted' && job === this.name) this.isDeleted.value = true;
        }
        if (happenings.some(({ kind, job }) => kind === 'tick' || job === this.name)) void this.refresh();
      }),
    );
  }

  async refresh(): Promise<void> {
    const known = this.described.data.peek() === undefined ? [this.described.refresh()] : [];
    await Promise.all([this.asking.refresh(), this.sheet.refresh(), ...known]);
  }

  stop(): void {
    for (const end of this.ends.splice(0)) end();
    for (const one of [this.asking, this.sheet, this.described]) one.dispose();
  }
}

export const JobContext = createContext<JobModel | undefined>(undefined);

/** The job whose page this is. */
export function useJob(): JobModel {
  const job = useContext(JobContext);
  if (job === undefined) throw new Error('only pages below a job have one');
  return job;
}
