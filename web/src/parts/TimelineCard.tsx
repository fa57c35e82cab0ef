import { median } from 'd3-array';
import { useMemo } from 'preact/hooks';
import { ChartFrame } from '../charts/ChartFrame';
import { lanesOf, Timeline } from '../charts/timeline';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { now } from '../state/clock';
import { count, duration, percent } from '../state/format';
import { useJob } from '../state/job';
import { STATUSES, type Status } from '../state/statuses';
import type { Trials } from '../state/trials';
import { Legend } from './Legend';

const t = messages(
  {
    title: 'Timeline',
    busy: 'busy',
    median: 'median trial',
    medianStopped: 'median stopped trial',
    wait: 'queue wait',
  },
  {
    zh: { title: '时间线', busy: '忙碌', median: '试验中位用时', medianStopped: '提前停止的中位用时', wait: '排队等待' },
    ko: { title: '타임라인', busy: '가동률', median: '시행 중앙값', medianStopped: '조기 중지 중앙값', wait: '대기 시간' },
  },
);

const EVERY_S = 5;

/** Who ran what and when; it moves on while trials run. */
export function TimelineCard() {
  const { trials, selection } = useJob();
  const [sheet, chosen] = [trials.value, selection.value];
  const isLive = sheet?.statuses.includes('running') ?? false;
  const moment = isLive ? Math.floor(now.value / EVERY_S) * EVERY_S : 0;
  const lanes = useMemo(() => sheet && lanesOf(sheet), [sheet]);
  const chart = useMemo(
    () => sheet && chosen && lanes && new Timeline(sheet, chosen.mask, lanes, beginningOf(sheet), moment),
    [sheet, chosen, lanes, moment],
  );
  if (!sheet || !chart) return null;
  const counts = new Map<Status, number>();
  for (const status of sheet.statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  const legend = STATUSES.filter((status) => counts.has(status)).map((status) => ({
    key: status,
    text: (
      <>
        {words()[status]} <b>{count(counts.get(status) as number)}</b>
      </>
    ),
  }));
  return (
    <ChartFrame
      title={t().title}
      chart={chart}
      height={chart.height}
      beside={<Legend items={legend} />}
      footer={
        <p class="facts small">
          <Fact name={t().busy} value={percent(Math.min(1, chart.busy))} />
          <Fact name={t().median} value={duration(typical(sheet, 'completed'))} />
          {counts.has('stopped') && <Fact name={t().medianStopped} value={duration(typical(sheet, 'stopped'))} />}
          <Fact name={t().wait} value={duration(median(waits(sheet)) ?? NaN)} />
        </p>
      }
    />
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <span>
      {name} <b>{value}</b>
    </span>
  );
}

function beginningOf(trials: Trials): number {
  let first = Infinity;
  for (const started of trials.started) if (started < first) first = started;
  return Number.isFinite(first) ? first : 0;
}

function typical(trials: Trials, status: Status): number {
  const took: number[] = [];
  for (let i = 0; i < trials.count; i++) {
    if (trials.statuses[i] === status) took.push((trials.ended[i] as number) - (trials.started[i] as number));
  }
  return median(took) ?? NaN;
}

function waits(trials: Trials): Float64Array {
  return trials.started.map((started, i) => started - (trials.created[i] as number));
}
