import { useSignal } from '@preact/signals';
import { saveCsv } from '../charts/exports';
import type { Cell, Table } from '../charts/chart';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { Empty, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { BrushChips, FilterField } from '../parts/FilterBar';
import { TrialRows } from '../parts/TrialRows';
import { useJob } from '../state/job';
import { navigate } from '../state/router';
import { clearSelection } from '../state/selection';
import { valueAt, type Trials } from '../state/trials';

const t = messages(
  {
    compare: (count: number) => `Compare ${count}`,
    nothing: 'The filter leaves no trial',
    relax: 'Show all trials',
    more: (count: number) => `Show ${count} more`,
    rows: 'Rows of the trials',
  },
  {
    zh: {
      compare: (count: number) => `比较 ${count} 个`,
      nothing: '筛选后没有试验',
      relax: '显示全部试验',
      more: (count: number) => `再显示 ${count} 个`,
      rows: '试验的行',
    },
    ko: {
      compare: (count: number) => `${count}개 비교`,
      nothing: '필터에 맞는 시행이 없습니다',
      relax: '모든 시행 보기',
      more: (count: number) => `${count}개 더 보기`,
      rows: '시행의 행',
    },
  },
);

const PAGE = 50;

/** All trials that the filter leaves, the best first, then those without a result. */
export default function TrialsPage() {
  const { name, trials, selection } = useJob();
  const chosen = useSignal<readonly number[]>([]);
  const shown = useSignal(PAGE);
  const [sheet, kept] = [trials.value, selection.value];
  if (!sheet || !kept) return <Skeleton height={320} />;
  const rows = ordered(sheet, kept.mask);
  const compare = () => navigate(`/compare?t=${chosen.value.map((one) => `${encodeURIComponent(name)}:${one}`).join(',')}`);
  return (
    <Card
      title={words().trials}
      beside={
        <>
          <FilterField />
          <BrushChips />
          <span class="faint small" role="status">
            {words().shownOf(kept.count, sheet.count)}
          </span>
        </>
      }
      tools={
        <>
          {chosen.value.length > 1 && (
            <button type="button" class="button" onClick={compare}>
              {t().compare(chosen.value.length)}
            </button>
          )}
          <button type="button" class="button" onClick={() => saveCsv(tableOf(sheet, rows), name)}>
            CSV
          </button>
        </>
      }
    >
      {rows.length === 0 && (
        <Empty title={t().nothing}>
          <button type="button" class="button" onClick={clearSelection}>
            {t().relax}
          </button>
        </Empty>
      )}
      {rows.length > 0 && (
        <div class="scroll-x" tabIndex={0} role="region" aria-label={t().rows}>
          <TrialRows sheet={sheet} rows={rows.slice(0, shown.value)} chosen={chosen} />
        </div>
      )}
      {rows.length > shown.value && (
        <button type="button" class="button" onClick={() => (shown.value += PAGE)}>
          {t().more(Math.min(PAGE, rows.length - shown.value))}
        </button>
      )}
    </Card>
  );
}

function ordered(sheet: Trials, mask: Uint8Array): readonly number[] {
  const ranked = [...sheet.ranking];
  const known = new Set(ranked);
  const rest = Array.from(mask, (_, i) => i).filter((i) => !known.has(i));
  return [...ranked, ...rest].filter((i) => mask[i]);
}

function tableOf(sheet: Trials, rows: readonly number[]): Table {
  const parameters = [...sheet.parameters];
  return {
    columns: [words().trial, words().status, sheet.metric, ...parameters.map(([name]) => name)],
    rows: rows.map((i) => [
      sheet.number[i] as number,
      words()[sheet.statuses[i] ?? 'queued'],
      valueAt({ kind: 'numbers', values: sheet.objective }, i),
      ...parameters.map(([, column]): Cell => valueAt(column, i)),
    ]),
  };
}
