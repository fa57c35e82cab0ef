import type { JobSummary } from '../api/client';
import { messages } from '../i18n/messages';
import { useJob } from '../state/job';
import { jobAddress, navigate } from '../state/router';
import { brushes } from '../state/selection';
import { writeBrushes } from '../state/brushes';
import { useDeeds } from './deeds';

const t = messages(
  {
    extend: 'Extend…',
    duplicate: 'Duplicate',
  },
  {
    zh: {
      extend: '扩展…',
      duplicate: '复制',
    },
    ko: {
      extend: '확장…',
      duplicate: '복제',
    },
  },
);

/** What can be done with a job as it stands. */
export function JobActions() {
  const job = useJob().progress.value?.job;
  return job ? <Actions job={job} /> : null;
}

function Actions({ job }: { job: JobSummary }) {
  const model = useJob();
  const { can, dialogs } = useDeeds(job, { changed: () => model.refresh(), deleted: () => navigate('/jobs') });
  return (
    <div class="actions">
      <a class="button" href={extendAddress(job.name)}>
        {t().extend}
      </a>
      <a class="button" href={`/jobs/new?from=${encodeURIComponent(job.name)}`}>
        {t().duplicate}
      </a>
      {can.map((deed) => (
        <button key={deed.name} type="button" class={`button ${deed.isGrave ? 'danger' : ''}`} onClick={deed.run}>
          {deed.text}
        </button>
      ))}
      {dialogs}
    </div>
  );
}

/** Ranges that are drawn go along: they are what the new job begins with. */
function extendAddress(name: string): string {
  const drawn = writeBrushes(brushes.value);
  return jobAddress(name, 'extend') + (drawn && `?brush=${encodeURIComponent(drawn)}`);
}
