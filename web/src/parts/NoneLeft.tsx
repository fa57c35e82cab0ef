import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { count } from '../state/format';
import { useJob } from '../state/job';
import { clearSelection, relaxed, setFilter } from '../state/selection';
import { Empty } from './Calm';

const t = messages(
  {
    none: 'The filter leaves no trial',
    without: (condition: string) => `Without ${condition}`,
    kept: (trials: string) => `${trials} trials`,
  },
  {
    zh: {
      none: '筛选后没有试验',
      without: (condition: string) => `去掉 ${condition}`,
      kept: (trials: string) => `${trials} 个试验`,
    },
    ko: {
      none: '필터에 남는 시행이 없습니다',
      without: (condition: string) => `${condition} 제외`,
      kept: (trials: string) => `시행 ${trials}개`,
    },
  },
);

const MOST = 4;

/** No trial fits: which condition could be given up, and what that would bring. */
export function NoneLeft() {
  const model = useJob();
  const sheet = model.trials.value;
  const ways = sheet ? relaxed(sheet, model.atStep(sheet)).filter(({ kept }) => kept > 0) : [];
  return (
    <Empty title={t().none}>
      {ways.slice(0, MOST).map((way) => (
        <button key={way.filter} type="button" class="button relax" onClick={() => setFilter(way.filter)}>
          <span class="clip">{t().without(way.without)}</span> <b>{t().kept(count(way.kept))}</b>
        </button>
      ))}
      <button type="button" class="button" onClick={clearSelection}>
        {words().clear}
      </button>
    </Empty>
  );
}
