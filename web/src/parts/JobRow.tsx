import { get, jobPath, type JobSummary, type ProgressDocument } from '../api/client';
import type { components } from '../api/schema';
import { messages } from '../i18n/messages';
import { now } from '../state/clock';
import { ago, count, duration, moment, number, percent } from '../state/format';
import { useResource } from '../state/resource';
import { jobAddress } from '../state/router';
import { statusOf, type Status } from '../state/statuses';
import { JobMenu } from './JobMenu';
import { StepLine } from './Sparkline';
import { StackedBar } from './StackedBar';
import { StatusMark } from './StatusMark';

const t = messages(
  {
    unlimited: 'no limit',
    saved: (time: string, trials: string) => `${time} not spent: ${trials} trials were stopped early`,
    about: 'Saved',
  },
  {
    zh: { unlimited: '无上限', saved: (time: string, trials: string) => `未花费 ${time}:提前停止了 ${trials} 个试验`, about: '节省' },
    ko: { unlimited: '제한 없음', saved: (time: string, trials: string) => `${time} 절약: 시행 ${trials}개를 일찍 중지함`, about: '절약' },
  },
);

interface JobRowProps {
  readonly job: JobSummary;
  readonly row: number;
  readonly onFocus: () => void;
  /** Something was done with it. */
  readonly onChange: () => unknown;
}

/** A job in a list; how far it is is asked for when the row is there. */
export function JobRow({ job, row, onFocus, onChange }: JobRowProps) {
  const progress = useResource(
    `${job.id} ${job.state}`,
    (abort) => get<ProgressDocument>(jobPath(job.name, 'progress'), {}, abort),
    (happening) => happening.job === job.name,
  ).data.value;
  const counts = progress && byStatus(progress);
  const started = job.started_at ?? job.created_at;
  return (
    <tr data-row={row} onFocusCapture={onFocus}>
      <td>
        <a class="job-name break" href={jobAddress(job.name)}>
          {job.name}
        </a>
        {job.message && job.state === 'failed' && (
          <p class="job-message clip faint small" title={job.message}>
            {job.message}
          </p>
        )}
      </td>
      <td>
        <StatusMark status={statusOf(job.state, job.reason)} />
      </td>
      <td class="number">
        {progress?.best ? (
          <a class="objective" href={jobAddress(job.name, 'trials', progress.best.number)} title={progress.metric}>
            {number(progress.best.objective)}
          </a>
        ) : (
          <span class="faint">—</span>
        )}
      </td>
      <td class="job-spark">{progress && <StepLine steps={stepsOf(progress)} end={total(progress)} />}</td>
      <td class="job-progress">
        {progress && counts && (
          <>
            <StackedBar counts={counts} of={progress.max_trials} />
            <span class="small faint">
              {count(total(progress))} / {progress.max_trials === null ? t().unlimited : count(progress.max_trials)}
            </span>
          </>
        )}
      </td>
      <td class="number nowrap" data-label={t().about}>
        {counts && <Saved job={job} counts={counts} />}
      </td>
      <td class="faint nowrap" title={moment(Number(started))}>
        {ago(Number(started), now.value)}
      </td>
      <td class="job-menu">
        <JobMenu job={job} best={progress?.best?.number} onChange={onChange} />
      </td>
    </tr>
  );
}

function stepsOf(progress: ProgressDocument): readonly (readonly [number, number])[] {
  return progress.improvements.map(({ trial, value }) => [trial, Number(value)]);
}

type Savings = components['schemas']['SavingsDocument'];

/** Of more trials it takes the server seconds; the page of the job tells it then. */
const MOST_TRIALS = 3000;

/** Which share of the running time early stopping has saved; nothing is asked for where nobody was stopped. */
function Saved({ job, counts }: { job: JobSummary; counts: Partial<Record<Status, number>> }) {
  const stopped = counts.stopped ?? 0;
  const all = Object.values(counts).reduce((sum, many) => sum + many, 0);
  const isAsked = stopped > 0 && all <= MOST_TRIALS;
  const found = useResource(`${job.id} ${isAsked ? stopped : 0}`, async (abort) =>
    isAsked ? get<Savings>(jobPath(job.name, 'savings'), {}, abort) : undefined,
  ).data.value;
  if (!found || found.share === null) return <span class="faint">—</span>;
  const saved = found.totals.reduce((sum, one) => sum + Number(one.seconds), 0);
  return <span title={t().saved(duration(saved), count(stopped))}>{percent(Number(found.share))}</span>;
}

/** Counts of trials by the console's words for where they stand. */
export function byStatus(progress: ProgressDocument): Partial<Record<Status, number>> {
  const found: Partial<Record<Status, number>> = {};
  for (const [state, many] of Object.entries(progress.counts)) {
    const status = statusOf(state, null);
    found[status] = (found[status] ?? 0) + many;
  }
  return found;
}

export function total(progress: ProgressDocument): number {
  return Object.values(progress.counts).reduce((sum, many) => sum + many, 0);
}
