import { useSignal } from '@preact/signals';
import { ApiFailure, jobPath, post, remove } from '../api/client';
import { messages } from '../i18n/messages';
import { useJob } from '../state/job';
import { jobAddress, navigate } from '../state/router';
import { brushes } from '../state/selection';
import { writeBrushes } from '../state/brushes';
import { Failure } from './Calm';
import { Dialog } from './Dialog';

const t = messages(
  {
    pause: 'Pause',
    resume: 'Resume',
    stop: 'Stop job',
    delete: 'Delete',
    extend: 'Extend…',
    duplicate: 'Duplicate',
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
      extend: '扩展…',
      duplicate: '复制',
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
      extend: '확장…',
      duplicate: '복제',
      stopTitle: '이 작업을 완전히 중지할까요?',
      stopText: '실행 중인 시행이 종료됩니다. 보고된 내용과 최고 시행의 출력은 유지됩니다.',
      deleteTitle: '이 작업을 삭제할까요?',
      deleteText: '시행, 보고된 내용, 로그, 파일이 삭제되며 되돌릴 수 없습니다.',
      keep: '그대로 두기',
    },
  },
);

type Question = 'stop' | 'delete';

/** What can be done with a job as it stands. */
export function JobActions() {
  const model = useJob();
  const { name, progress } = model;
  const asked = useSignal<Question | undefined>(undefined);
  const failure = useSignal<ApiFailure | undefined>(undefined);
  const job = progress.value?.job;
  if (!job) return null;
  const act = async (deed: () => Promise<unknown>) => {
    try {
      await deed();
      asked.value = undefined;
      await model.refresh();
    } catch (error) {
      failure.value = error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
    }
  };
  const isOver = ['succeeded', 'failed', 'cancelled'].includes(job.state);
  const isPausing = job.state === 'paused' || job.intent === 'pause' || job.intent === 'pause_now';
  return (
    <div class="actions">
      <a class="button" href={extendAddress(name)}>
        {t().extend}
      </a>
      <a class="button" href={`/jobs/new?from=${encodeURIComponent(name)}`}>
        {t().duplicate}
      </a>
      {!isOver && isPausing && (
        <button type="button" class="button" onClick={() => void act(() => post(jobPath(name, 'resume'), {}))}>
          {t().resume}
        </button>
      )}
      {!isOver && !isPausing && (
        <button type="button" class="button" onClick={() => void act(() => post(jobPath(name, 'pause'), {}))}>
          {t().pause}
        </button>
      )}
      {!isOver && (
        <button type="button" class="button danger" onClick={() => (asked.value = 'stop')}>
          {t().stop}
        </button>
      )}
      {isOver && (
        <button type="button" class="button danger" onClick={() => (asked.value = 'delete')}>
          {t().delete}
        </button>
      )}
      {asked.value && (
        <Ask
          question={asked.value}
          onClose={() => (asked.value = undefined)}
          onYes={() =>
            void (asked.value === 'stop'
              ? act(() => post(jobPath(name, 'cancel')))
              : act(async () => {
                  await remove(jobPath(name));
                  navigate('/jobs');
                }))
          }
        />
      )}
      {failure.value && (
        <Dialog title={name} onClose={() => (failure.value = undefined)}>
          <Failure failure={failure.value} />
        </Dialog>
      )}
    </div>
  );
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

/** Ranges that are drawn go along: they are what the new job begins with. */
function extendAddress(name: string): string {
  const drawn = writeBrushes(brushes.value);
  return jobAddress(name, 'extend') + (drawn && `?brush=${encodeURIComponent(drawn)}`);
}
