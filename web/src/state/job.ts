import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { get, jobPath, post, type ApiFailure, type ProgressDocument } from '../api/client';
import type { components } from '../api/schema';
import type { AtStep } from '../filter/trials';
import { follow, listen, type Happening } from './live';
import { Loading } from './resource';
import { select, selectUnbrushed, type Selection } from './selection';
import { StepValues } from './steps';
import { takeIn, type ColumnsDocument, type Trials } from './trials';

export type Spec = components['schemas']['SpecForm'];
export type Parameter = Spec['parameters'][number];

/** Everything the pages of one job share: asked for once, kept up to date while one of them shows. */
export class JobModel {
  readonly trials = signal<Trials | undefined>(undefined);
  /** True once the job was deleted while it was looked at. */
  readonly isDeleted = signal(false);
  private readonly asking: Loading<ProgressDocument>;
  private readonly sheet: Loading<void>;
  private readonly described: Loading<Spec>;
  private readonly steps: StepValues;
  private readonly ends: (() => void)[] = [];

  constructor(readonly name: string) {
    this.asking = new Loading((abort) => get<ProgressDocument>(jobPath(name, 'progress'), {}, abort));
    this.described = new Loading((abort) => get<Spec>(jobPath(name, 'spec'), {}, abort));
    this.steps = new StepValues(name);
    this.sheet = new Loading(async (abort) => {
      const known = this.trials.peek();
      const since = known === undefined ? {} : { since: known.cursor };
      const found = await get<ColumnsDocument>(jobPath(name, 'trials', 'columns'), since, abort);
      this.trials.value = takeIn(this.trials.peek(), found);
    });
  }

  get progress(): ReadonlySignal<ProgressDocument | undefined> {
    return this.asking.data;
  }

  get spec(): ReadonlySignal<Spec | undefined> {
    return this.described.data;
  }

  /** The trials that the filter leaves, before any brush: what a brush is drawn over. */
  readonly unbrushed = computed<Selection | undefined>(() => {
    const trials = this.trials.value;
    return trials && selectUnbrushed(trials, this.atStep(trials));
  });

  /** The trials that the filter and the brushes of the address leave: all views show these. */
  readonly selection = computed<Selection | undefined>(() => {
    const [trials, unbrushed] = [this.trials.value, this.unbrushed.value];
    return trials && unbrushed && select(trials, unbrushed);
  });

  /** What metrics of these trials were at a step, for filters that ask for it. */
  atStep(trials: Trials): AtStep {
    return (metric, step) => this.steps.at(trials, metric, step);
  }

  /** Whether nothing more will come of it, unless somebody begins it again. */
  readonly isOver = computed(() => this.progress.value !== undefined && this.progress.value.job.ended_at !== null);

  readonly failure = computed<ApiFailure | undefined>(
    () => this.asking.failure.value ?? this.described.failure.value ?? this.sheet.failure.value,
  );

  start(): void {
    void this.refresh();
    this.ends.push(follow(this.name));
    this.ends.push(listen((happenings) => happenings.forEach((one) => this.take(one))));
  }

  async refresh(): Promise<void> {
    await Promise.all([this.asking.refresh(), this.described.refresh(), this.sheet.refresh()]);
  }

  /** Marks a trial with tags and takes others off. */
  async tag(number: number, change: { readonly add?: readonly string[]; readonly remove?: readonly string[] }): Promise<void> {
    await post(jobPath(this.name, 'trials', number, 'tags'), change);
    await this.sheet.refresh();
  }

  stop(): void {
    for (const end of this.ends.splice(0)) end();
    for (const one of [this.asking, this.sheet, this.described]) one.dispose();
  }

  private take(happening: Happening): void {
    if (happening.job !== null && happening.job !== this.name) return;
    switch (happening.kind) {
      case 'deleted':
        // Of a job that never was the answer to the first question says so.
        this.isDeleted.value = this.trials.peek() !== undefined;
        return;
      case 'resync':
        void this.refresh();
        return;
      case 'job':
        void this.asking.refresh();
        return;
      case 'trials':
        // Before the first answer there is nothing that this could be a part of.
        if (this.trials.peek() !== undefined) this.trials.value = takeIn(this.trials.peek(), happening.columns);
    }
  }
}

export const JobContext = createContext<JobModel | undefined>(undefined);

/** The job whose page this is. */
export function useJob(): JobModel {
  const job = useContext(JobContext);
  if (job === undefined) throw new Error('only pages below a job have one');
  return job;
}
