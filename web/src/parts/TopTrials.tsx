import { useSignal } from '@preact/signals';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { useJob } from '../state/job';
import { jobAddress, navigate, place } from '../state/router';
import { compareAddress } from '../table/compared';
import { Card } from './Card';
import { FilterField } from './FilterBar';
import { TrialRows } from './TrialRows';

const t = messages(
  {
    title: 'Top trials',
    rows: 'Rows of the top trials',
    compare: (count: number) => `Compare ${count}`,
    all: 'All trials',
    nothing: 'The filter leaves no trial',
  },
  {
    zh: {
      title: '最佳试验列表',
      rows: '最佳试验的行',
      compare: (count: number) => `比较 ${count} 个`,
      all: '全部试验',
      nothing: '筛选后没有试验',
    },
    ko: {
      title: '상위 시행',
      rows: '상위 시행의 행',
      compare: (count: number) => `${count}개 비교`,
      all: '모든 시행',
      nothing: '필터에 맞는 시행이 없습니다',
    },
  },
);

const BEST = 6;
const LIVE = 4;

/** The best trials that the filter leaves, and those that run now. */
export function TopTrials() {
  const { name, trials, selection, isOver } = useJob();
  const chosen = useSignal<readonly number[]>([]);
  const [sheet, kept] = [trials.value, selection.value];
  if (!sheet || !kept) return null;
  const best = [...sheet.ranking].filter((i) => kept.mask[i]).slice(0, BEST);
  const live: number[] = [];
  for (let i = 0; i < sheet.count && live.length < LIVE; i++) {
    if (sheet.statuses[i] === 'running' && kept.mask[i] && !best.includes(i)) live.push(i);
  }
  const rows = [...best, ...live];
  const compare = () => navigate(compareAddress(chosen.value.map((number) => ({ job: name, number }))));
  return (
    <Card
      title={t().title}
      beside={<FilterField />}
      tools={
        <>
          {chosen.value.length > 1 && (
            <button type="button" class="button" onClick={compare}>
              {t().compare(chosen.value.length)}
            </button>
          )}
          <a class="button" href={jobAddress(name, 'trials') + place.value.search}>
            {t().all}
          </a>
        </>
      }
    >
      {rows.length === 0 ? (
        <p class="faint">{kept.mask.every(Boolean) ? words().noResult(isOver.value) : t().nothing}</p>
      ) : (
        <div class="scroll-x" tabIndex={0} role="region" aria-label={t().rows}>
          <TrialRows sheet={sheet} rows={rows} chosen={chosen} />
        </div>
      )}
    </Card>
  );
}
