import { useMemo } from 'preact/hooks';
import { ChartFrame } from '../charts/ChartFrame';
import { Convergence } from '../charts/convergence';
import type { ScaleKind } from '../charts/scales';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { useJob } from '../state/job';
import { query, setQuery } from '../state/router';
import { Legend } from './Legend';
import { Segmented } from './Segmented';

const t = messages(
  {
    title: 'Convergence',
    bestSoFar: 'best so far',
    without: (count: number) => `${count} without a result`,
    beyond: (count: number) => `${count} beyond the edge`,
    over: 'Over',
    byTrial: 'by trial',
    byTime: 'by time',
    scale: 'Scale',
  },
  {
    zh: {
      title: '收敛',
      bestSoFar: '迄今最佳',
      without: (count: number) => `${count} 个没有结果`,
      beyond: (count: number) => `${count} 个超出图边`,
      over: '横轴',
      byTrial: '按试验',
      byTime: '按时间',
      scale: '刻度',
    },
    ko: {
      title: '수렴',
      bestSoFar: '현재까지 최고',
      without: (count: number) => `결과 없음 ${count}개`,
      beyond: (count: number) => `가장자리 밖 ${count}개`,
      over: '가로축',
      byTrial: '시행별',
      byTime: '시간별',
      scale: '눈금',
    },
  },
);

export function ConvergenceCard() {
  const { trials, selection, progress } = useJob();
  const by = query.value.get('over') === 'time' ? 'time' : 'trial';
  const scale: ScaleKind = query.value.get('y') === 'log' ? 'log' : 'linear';
  const [sheet, chosen] = [trials.value, selection.value];
  const began = Number(progress.value?.job.started_at ?? sheet?.started[0] ?? 0);
  const chart = useMemo(
    () => sheet && chosen && new Convergence(sheet, chosen.mask, { by, scale }, began),
    [sheet, chosen, by, scale, began],
  );
  if (!sheet || !chart) return null;
  const there = new Set(sheet.statuses);
  return (
    <ChartFrame
      title={t().title}
      chart={chart}
      height={232}
      beside={
        <Legend
          items={[
            { key: 'best', text: t().bestSoFar },
            ...(['completed', 'stopped', 'failed'] as const)
              .filter((status) => there.has(status))
              .map((status) => ({ key: status, text: words()[status] })),
            ...(['above', 'below'] as const)
              .filter((side) => chart.beyond[side] > 0)
              .map((side) => ({ key: side, text: t().beyond(chart.beyond[side]) })),
            ...(chart.without > 0 ? [{ key: 'rail', text: t().without(chart.without) }] : []),
          ]}
        />
      }
      tools={
        <>
          <Segmented
            label={t().over}
            options={{ trial: t().byTrial, time: t().byTime }}
            value={by}
            onChange={(chosen) => setQuery({ over: chosen === 'time' ? 'time' : null })}
          />
          <Segmented
            label={t().scale}
            options={{ linear: words().linear, log: words().log }}
            value={scale}
            onChange={(chosen) => setQuery({ y: chosen === 'log' ? 'log' : null })}
          />
        </>
      }
    />
  );
}
