import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { ApiFailure, jobPath, post, remove, type JobSummary } from '../api/client';
import { messages } from '../i18n/messages';
import { Failure } from './Calm';
import { Dialog } from './Dialog';

const t = messages(
  {
    pause: 'Pause',
    resume: 'Resume',
    stop: 'Stop job',
    delete: 'Delete',
    stopTitle: 'Stop this job for good?',
    stopText: 'Its running trials are ended. What they reported is kept, and the best trial with its outputs stays.',
    deleteTitle: 'Delete this job?',
    deleteText: 'Its trials, what they reported, their logs and their files are removed. This cannot be undone.',
    keep: 'Leave it',
  },
  {
    zh: {
      pause: '暂停',
      resume: '继续',
      stop: '停止任务',
      delete: '删除',
      stopTitle: '永久停止此任务?',
      stopText: '正在运行的试验将结束。已报告的内容会保留,最佳试验及其输出也会保留。',
      deleteTitle: '删除此任务?',
      deleteText: '其试验、报告、日志和文件都将被删除,且无法撤消。',
      keep: '保留',
    },
    ko: {
      pause: '일시중지',
      resume: '계속',
      stop: '작업 중지',
      delete: '삭제',
      stopTitle: '이 작업을 완전히 중지할까요?',
      stopText: '실행 중인 시행이 종료됩니다. 보고된 내용과 최고 시행의 출력은 유지됩니다.',
      deleteTitle: '이 작업을 삭제할까요?',
      deleteText: '시행, 보고된 내용, 로그, 파일이 삭제되며 되돌릴 수 없습니다.',
      keep: '그대로 두기',
    },
  },
);

type Question = 'stop' | 'delete';

export interface Deed {
  readonly name: 'pause' | 'resume' | Question;
  readonly text: string;
  readonly isGrave: boolean;
  readonly run: () => void;
}

export interface Deeds {
  /** What can be done with the job as it stands. */
  readonly can: readonly Deed[];
  /** Questions before, and failures after. */
  readonly dialogs: ComponentChildren;
}

/** Pausing, resuming, stopping and deleting a job; what cannot be undone is asked about first. */
export function useDeeds(job: JobSummary, after: { readonly changed: () => unknown; readonly deleted: () => unknown }): Deeds {
  const asked = useSignal<Question | undefined>(undefined);
  const failure = useSignal<ApiFailure | undefined>(undefined);
  const { name } = job;
  const act = async (deed: () => Promise<unknown>, then: () => unknown) => {
    try {
      await deed();
      asked.value = undefined;
      await then();
    } catch (error) {
      asked.value = undefined;
      failure.value = error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
    }
  };
  const send = (verb: string) => () => void act(() => post(jobPath(name, verb), verb === 'cancel' ? undefined : {}), after.changed);
  const answered: Readonly<Record<Question, () => void>> = {
    stop: send('cancel'),
    delete: () => void act(() => remove(jobPath(name)), after.deleted),
  };
  const ask = (question: Question) => () => (asked.value = question);
  const isOver = ['succeeded', 'failed', 'cancelled'].includes(job.state);
  const isPausing = job.state === 'paused' || job.intent === 'pause' || job.intent === 'pause_now';
  const can: Deed[] = isOver
    ? [{ name: 'delete', text: t().delete, isGrave: true, run: ask('delete') }]
    : [
        isPausing
          ? { name: 'resume', text: t().resume, isGrave: false, run: send('resume') }
          : { name: 'pause', text: t().pause, isGrave: false, run: send('pause') },
        { name: 'stop', text: t().stop, isGrave: true, run: ask('stop') },
      ];
  const dialogs = (
    <>
      {asked.value && <Ask question={asked.value} onClose={() => (asked.value = undefined)} onYes={answered[asked.value]} />}
      {failure.value && (
        <Dialog title={name} onClose={() => (failure.value = undefined)}>
          <Failure failure={failure.value} />
        </Dialog>
      )}
    </>
  );
  return { can, dialogs };
}

function Ask({ question, onYes, onClose }: { question: Question; onYes: () => void; onClose: () => void }) {
  const isStop = question === 'stop';
  return (
    <Dialog title={isStop ? t().stopTitle : t().deleteTitle} onClose={onClose}>
      <p>{isStop ? t().stopText : t().deleteText}</p>
      <div class="row end">
        <button type="button" class="button" onClick={onClose} autofocus>
          {t().keep}
        </button>
        <button type="button" class="button danger" onClick={onYes}>
          {isStop ? t().stop : t().delete}
        </button>
      </div>
    </Dialog>
  );
}
