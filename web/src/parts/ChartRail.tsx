import { useEffect, useRef } from 'preact/hooks';
import { CHARTS, type ChartKind } from '../charts/view';
import { messages } from '../i18n/messages';
import { jobAddress, query } from '../state/router';

export const chartTitles = messages(
  {
    curves: 'Curves',
    parallel: 'Parallel',
    scatter: 'Scatter',
    scatter3d: '3-D scatter',
    slice: 'Slices',
    contour: 'Contour',
    importance: 'Importance',
    pareto: 'Pareto front',
  },
  {
    zh: {
      curves: '曲线',
      parallel: '平行坐标',
      scatter: '散点图',
      scatter3d: '三维散点图',
      slice: '切片',
      contour: '等高线',
      importance: '重要性',
      pareto: '帕累托前沿',
    },
    ko: {
      curves: '곡선',
      parallel: '평행 좌표',
      scatter: '산점도',
      scatter3d: '3차원 산점도',
      slice: '단면',
      contour: '등고선',
      importance: '중요도',
      pareto: '파레토 프런트',
    },
  },
);

const t = messages({ kinds: 'Kinds of charts' }, { zh: { kinds: '图表种类' }, ko: { kinds: '차트 종류' } });

const ICONS: Readonly<Record<ChartKind, string>> = {
  curves: 'M2 3c3 9 7 10 14 11M2 8c4 4 8 5 14 5',
  parallel: 'M3 2v14M9 2v14M15 2v14M3 5l6 7 6-5M3 12l6-7 6 8',
  scatter: 'M2 2v14h14M6 11h.01M8 6h.01M11 9h.01M13 4h.01M12 13h.01',
  scatter3d: 'M9 2v8m0 0l7 5M9 10l-7 5M6 5h.01M12 7h.01M9 14h.01M13 11h.01',
  slice: 'M2 2h6v6H2zM10 2h6v6h-6zM2 10h6v6H2zM10 10h6v6h-6z',
  contour: 'M9 3c5 0 7 3 7 6s-3 6-7 6-7-3-7-6 2-6 7-6zM9 6c2 0 4 1 4 3s-2 3-4 3-4-1-4-3 2-3 4-3z',
  importance: 'M2 4h13M2 9h8M2 14h4',
  pareto: 'M2 2v14h14M4 4c1 6 3 8 10 9',
};
/** What one view has chosen and another one means as well. */
const SHARED = ['f', 'brush', 'status', 'top', 'c', 'sel'];

/** The kinds of charts; what is chosen for one of them goes along where it means something. */
export function ChartRail({ job, chosen }: { job: string; chosen: ChartKind }) {
  const rail = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a narrow screen the rail lies on its side, and what is chosen may be out of sight.
    rail.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [chosen]);
  return (
    <nav ref={rail} class="rail" aria-label={t().kinds}>
      {CHARTS.map((kind) => (
        <a key={kind} href={chartAddress(job, kind)} aria-current={kind === chosen ? 'page' : undefined}>
          <svg viewBox="0 0 18 18" aria-hidden="true">
            <path d={ICONS[kind]} />
          </svg>
          {chartTitles()[kind]}
        </a>
      ))}
    </nav>
  );
}

export function chartAddress(job: string, kind: ChartKind): string {
  const kept = new URLSearchParams([...query.value].filter(([key]) => SHARED.includes(key)));
  const text = kept.toString();
  return jobAddress(job, 'charts', kind) + (text && `?${text}`);
}
