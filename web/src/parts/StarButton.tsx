import { useSignal } from '@preact/signals';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { useJob, type JobModel } from '../state/job';

const t = messages(
  {
    star: (number: number) => `Star trial ${number}`,
    failed: 'This was not kept: the server did not answer',
  },
  {
    zh: { star: (number: number) => `给试验 ${number} 加星标`, failed: '未保存:服务器没有应答' },
    ko: { star: (number: number) => `시행 ${number}에 별표`, failed: '저장되지 않음: 서버가 응답하지 않습니다' },
  },
);

/** The tag that is shown as a star. */
export const STAR = 'star';

/** Marks a trial to be found again, or takes the mark off. */
export function StarButton({ number, isInGrid = false }: { number: number; isInGrid?: boolean }) {
  const model = useJob();
  const hasFailed = useSignal(false);
  const isOn = isStarred(model, number);
  const toggle = async () => {
    hasFailed.value = !(await toggleStar(model, number));
  };
  return (
    <button
      type="button"
      class="star-button"
      aria-pressed={isOn}
      aria-label={t().star(number)}
      title={hasFailed.value ? t().failed : `${t().star(number)} · ${words().tags}: ${STAR}`}
      data-failed={hasFailed.value || undefined}
      tabIndex={isInGrid ? -1 : undefined}
      onClick={() => void toggle()}
    >
      <span aria-hidden="true">{isOn ? '★' : '☆'}</span>
    </button>
  );
}

/** Says whether the server has kept it. */
export async function toggleStar(model: JobModel, number: number): Promise<boolean> {
  try {
    await model.tag(number, isStarred(model, number) ? { remove: [STAR] } : { add: [STAR] });
    return true;
  } catch {
    return false;
  }
}

function isStarred({ trials }: JobModel, number: number): boolean {
  return trials.value?.tags.get(number)?.includes(STAR) ?? false;
}
