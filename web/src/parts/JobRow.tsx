import { get, jobPath, type JobSummary, type ProgressDocument } from '../api/client';
import { messages } from '../i18n/messages';
import { now } from '../state/clock';
import { ago, count, moment, number } from '../state/format';
import { useResource } from '../state/resource';
import { jobAddress } from '../state/router';
import { statusOf, type Status } from '../state/statuses';
import { StackedBar } from './StackedBar';
import { StatusMark } from './StatusMark';

const t = messages(
  { unlimited: 'no limit' },
  {
    zh: { unlimited: '无上限' },
    ko: { unlimited: '제한 없음' },
  },
);

/** A job in a list; how far it is is asked for when the row is there. */
export function JobRow({ job, row, onFocus }: { job: JobSummary; row: number; onFocus: () => void }) {
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
        {job.message && job.state === 'failed' && <p class="faint small break">{job.message}</p>}
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
      <td class="faint nowrap" title={moment(Number(started))}>
        {ago(Number(started), now.value)}
      </td>
    </tr>
  );
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
