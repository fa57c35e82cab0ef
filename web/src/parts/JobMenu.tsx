import { useRef } from 'preact/hooks';
import { jobPath, type JobSummary } from '../api/client';
import { messages } from '../i18n/messages';
import { jobAddress } from '../state/router';
import { useDeeds } from './deeds';

const t = messages(
  {
    open: (name: string) => `What can be done with ${name}`,
    extend: 'Extend…',
    duplicate: 'Duplicate',
    download: 'Outputs of the best trial',
  },
  {
    zh: {
      open: (name: string) => `对 ${name} 的操作`,
      extend: '扩展…',
      duplicate: '复制',
      download: '最佳试验的输出',
    },
    ko: {
      open: (name: string) => `${name}에 할 수 있는 일`,
      extend: '확장…',
      duplicate: '복제',
      download: '최고 시행의 출력',
    },
  },
);

interface JobMenuProps {
  readonly job: JobSummary;
  /** The number of its best trial. */
  readonly best: number | undefined;
  readonly onChange: () => unknown;
}

/** What can be done with a job of a list. */
export function JobMenu({ job, best, onChange }: JobMenuProps) {
  const box = useRef<HTMLDetailsElement>(null);
  const { can, dialogs } = useDeeds(job, { changed: onChange, deleted: onChange });
  const close = () => box.current && (box.current.open = false);
  const leave = (event: FocusEvent) => {
    if (!box.current?.contains(event.relatedTarget as Node | null)) close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !box.current?.open) return;
    event.stopPropagation();
    close();
    box.current.querySelector('summary')?.focus();
  };
  return (
    <>
      <details ref={box} class="menu" onFocusOut={leave} onKeyDown={onKeyDown}>
        <summary class="button icon" aria-label={t().open(job.name)} title={t().open(job.name)}>
          ⋯
        </summary>
        <div class="menu-box" onClick={close}>
          <a href={jobAddress(job.name, 'extend')}>{t().extend}</a>
          <a href={`/jobs/new?from=${encodeURIComponent(job.name)}`}>{t().duplicate}</a>
          {best !== undefined && (
            <a download href={jobPath(job.name, 'trials', best, 'outputs', 'archive')}>
              {t().download}
            </a>
          )}
          {can.map((deed) => (
            <button key={deed.name} type="button" class={deed.isGrave ? 'danger' : ''} onClick={deed.run}>
              {deed.text}
            </button>
          ))}
        </div>
      </details>
      {dialogs}
    </>
  );
}
