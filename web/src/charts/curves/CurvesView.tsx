import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { messages } from '../../i18n/messages';
import { words } from '../../i18n/words';
import { chartTitles } from '../../parts/ChartRail';
import { Empty, Failure, Skeleton } from '../../parts/Calm';
import { ColourKey } from '../../parts/ColourKey';
import { Drawn } from '../../parts/Drawn';
import { Segmented } from '../../parts/Segmented';
import { jobAddress, query, setQuery } from '../../state/router';
import type { Trials } from '../../state/trials';
import type { Colouring } from '../colouring';
import { ChartFrame } from '../ChartFrame';
import { chartHeight, type KindProps } from '../kinds';
import type { ScaleKind } from '../scales';
import { hasData } from '../painted';
import { readNumbers, writeNumbers } from '../view';
import { Curves, type CurveOptions } from './chart';
import { CurvePlot } from './CurvePlot';
import { linesOf, type Line, type Over } from './lines';
import { CurveStore, MOST_CURVES } from './store';

const t = messages(
  {
    metric: 'Metric',
    over: 'Over',
    step: 'steps',
    time: 'time',
    scale: 'Scale',
    smoothing: (share: number) => `Smoothing ${share.toFixed(2)}`,
    band: 'Median band',
    silent: (count: number) => `${count} without a report`,
    beyond: (count: number) => `only the best ${count} are drawn`,
    left: (count: number) => `${count} left out by the filter`,
    none: (metric: string) => `No trial has reported ${metric} yet`,
    noneHelp: 'Curves begin with the first report. How programs report stands in the documentation under "metrics".',
    pinned: 'Pinned',
    unpin: (trial: number) => `Take trial ${trial} down`,
    help: 'A click on a line pins it. Drag to zoom, double-click to see all. The band holds the middle half of the lines, dashed is their median.',
    side: 'Side metrics',
    large: (metric: string) => `Show ${metric} large`,
    more: (count: number) => `${count} more metrics`,
  },
  {
    zh: {
      metric: '指标',
      over: '横轴',
      step: '步数',
      time: '时间',
      scale: '刻度',
      smoothing: (share: number) => `平滑 ${share.toFixed(2)}`,
      band: '中位带',
      silent: (count: number) => `${count} 个没有报告`,
      beyond: (count: number) => `只绘制最佳的 ${count} 个`,
      left: (count: number) => `${count} 个被筛选排除`,
      none: (metric: string) => `还没有试验报告 ${metric}`,
      noneHelp: '第一次报告后才有曲线。程序如何报告见文档中的"metrics"。',
      pinned: '已固定',
      unpin: (trial: number) => `取消固定试验 ${trial}`,
      help: '点击曲线可固定它。拖动放大,双击显示全部。带状区域包含中间一半的曲线,虚线为中位数。',
      side: '附加指标',
      large: (metric: string) => `放大显示 ${metric}`,
      more: (count: number) => `另外 ${count} 个指标`,
    },
    ko: {
      metric: '측정항목',
      over: '가로축',
      step: '단계',
      time: '시간',
      scale: '눈금',
      smoothing: (share: number) => `평활 ${share.toFixed(2)}`,
      band: '중앙 띠',
      silent: (count: number) => `보고 없음 ${count}개`,
      beyond: (count: number) => `상위 ${count}개만 표시`,
      left: (count: number) => `필터로 제외 ${count}개`,
      none: (metric: string) => `아직 ${metric}을(를) 보고한 시행이 없습니다`,
      noneHelp: '첫 보고부터 곡선이 표시됩니다. 프로그램의 보고 방법은 문서의 "metrics"에 있습니다.',
      pinned: '고정됨',
      unpin: (trial: number) => `시행 ${trial} 고정 해제`,
      help: '곡선을 누르면 고정됩니다. 끌어서 확대하고 두 번 눌러 전체를 봅니다. 띠는 가운데 절반의 곡선이고 점선은 중앙값입니다.',
      side: '보조 측정항목',
      large: (metric: string) => `${metric} 크게 보기`,
      more: (count: number) => `측정항목 ${count}개 더`,
    },
  },
);

const SMALL = 190;
const FIRST = 6;

/** What trials reported over time: the chosen metric large, the others small below it. */
export function CurvesView({ trials, spec, selection, colouring }: KindProps) {
  const names = [...new Set([trials.metric, ...spec.side_metrics, ...trials.metrics.keys()])];
  const asked = query.value.get('m');
  const metric = asked !== null && names.includes(asked) ? asked : trials.metric;
  const options = useOptions(trials);
  const isAll = useSignal(false);
  const others = names.filter((name) => name !== metric && trials.metrics.has(name));
  const shown = isAll.value ? others : others.slice(0, FIRST);
  const shared = { trials, colouring, options, mask: selection.mask };
  return (
    <>
      <MetricChart key={metric} metric={metric} names={names} {...shared} />
      {others.length > 0 && (
        <section class="stack" aria-label={t().side}>
          <div class="small-charts">
            {shown.map((name) => (
              <MetricChart key={name} metric={name} isSmall {...shared} />
            ))}
          </div>
          {shown.length < others.length && (
            <button type="button" class="button" onClick={() => (isAll.value = true)}>
              {t().more(others.length - shown.length)}
            </button>
          )}
        </section>
      )}
    </>
  );
}

/** How lines are drawn, as the address has it. */
function useOptions(trials: Trials): CurveOptions {
  const over: Over = query.value.get('over') === 'time' ? 'time' : 'step';
  const scale: ScaleKind = query.value.get('y') === 'log' ? 'log' : 'linear';
  const smoothing = Math.min(0.99, Math.max(0, Number(query.value.get('smooth')) || 0));
  const hasBand = query.value.get('band') !== '0';
  const pins = query.value.get('pin') ?? '';
  return useMemo(() => {
    const places = [...readNumbers(pins)].map((number) => trials.place(number)).filter((place) => place !== undefined);
    return { over, scale, smoothing, hasBand, pinned: new Set(places) };
  }, [trials, over, scale, smoothing, hasBand, pins]);
}

interface MetricChartProps {
  readonly metric: string;
  readonly trials: Trials;
  readonly mask: Uint8Array;
  readonly colouring: Colouring;
  readonly options: CurveOptions;
  readonly isSmall?: boolean;
  readonly names?: readonly string[];
}

function MetricChart({ metric, trials, mask, colouring, options, isSmall = false, names = [] }: MetricChartProps) {
  const store = useMemo(() => new CurveStore(trials.job, metric), [trials.job, metric]);
  useEffect(() => () => store.dispose(), [store]);
  const places = useMemo(() => bestFirst(trials, mask), [trials, mask]);
  useEffect(() => store.want(trials, places), [store, trials, places]);
  const curves = store.curves.value;
  const chart = useMemo(() => {
    const name = isSmall ? `curves-${metric}` : 'curves';
    if (curves.size > 0) hasData(name);
    const lines = linesOf(curves, trials, places.slice(0, MOST_CURVES), options.over);
    return new Curves(name, metric, trials, lines, colouring, options);
  }, [curves, trials, places, colouring, options]);
  if (!store.isKnown.value) {
    const failure = store.failure.value;
    return failure ? <Failure failure={failure} retry={() => store.retry()} /> : <Skeleton height={isSmall ? SMALL : chartHeight()} />;
  }
  if (chart.lines.length === 0 && !isSmall) return <NoReports metric={metric} names={names} />;
  const silent = Math.min(places.length, MOST_CURVES) - chart.lines.length;
  const more = [
    ...(silent > 0 ? [t().silent(silent)] : []),
    ...(places.length > MOST_CURVES ? [t().beyond(MOST_CURVES)] : []),
    ...(places.length < trials.count ? [t().left(trials.count - places.length)] : []),
  ];
  return (
    <ChartFrame
      title={isSmall ? metric : chartTitles().curves}
      chart={chart}
      height={isSmall ? SMALL : chartHeight()}
      class="wide"
      {...(isSmall ? {} : { beside: <ColourKey colouring={colouring} /> })}
      tools={isSmall ? <Enlarge metric={metric} /> : <Tools metric={metric} names={names} options={options} />}
      footer={
        <>
          {!isSmall && <Pins chart={chart} />}
          <Drawn shown={chart.lines.length} all={trials.count} more={more} />
          {!isSmall && <p class="faint small">{t().help}</p>}
        </>
      }
    >
      {(size) => <CurvePlot chart={chart} size={size} label={metric} onPin={togglePin} />}
    </ChartFrame>
  );
}

/** Those with a result by how good it is, then the others; the server sends only so many at once. */
function bestFirst(trials: Trials, mask: Uint8Array): readonly number[] {
  const ranked = [...trials.ranking].filter((place) => mask[place]);
  const seen = new Set(ranked);
  return [...ranked, ...Array.from(mask.keys()).filter((place) => mask[place] && !seen.has(place))];
}

function togglePin({ trial }: Pick<Line, 'trial'>): void {
  const pins = new Set(readNumbers(query.peek().get('pin') ?? ''));
  if (!pins.delete(trial)) pins.add(trial);
  setQuery({ pin: writeNumbers(pins) || null });
}

function Enlarge({ metric }: { metric: string }) {
  return (
    <button type="button" class="button small" aria-label={t().large(metric)} title={t().large(metric)} onClick={() => setQuery({ m: metric })}>
      ⤢
    </button>
  );
}

function Tools({ metric, names, options }: { metric: string; names: readonly string[]; options: CurveOptions }) {
  const { over, scale, smoothing, hasBand } = options;
  return (
    <>
      <MetricPicker metric={metric} names={names} />
      <Segmented
        label={t().over}
        options={{ step: t().step, time: t().time }}
        value={over}
        onChange={(chosen) => setQuery({ over: chosen === 'time' ? 'time' : null })}
      />
      <Segmented
        label={t().scale}
        options={{ linear: words().linear, log: words().log }}
        value={scale}
        onChange={(chosen) => setQuery({ y: chosen === 'log' ? 'log' : null })}
      />
      <label class="slide">
        <span>{t().smoothing(smoothing)}</span>
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          onInput={(event) => setQuery({ smooth: event.currentTarget.valueAsNumber > 0 ? event.currentTarget.value : null })}
        />
      </label>
      <button type="button" class="button small" aria-pressed={hasBand} onClick={() => setQuery({ band: hasBand ? '0' : null })}>
        {t().band}
      </button>
    </>
  );
}

function MetricPicker({ metric, names }: { metric: string; names: readonly string[] }) {
  if (names.length < 2) return null;
  return (
    <label class="pick">
      <span>{t().metric}</span>
      <select value={metric} onChange={(event) => setQuery({ m: event.currentTarget.value === names[0] ? null : event.currentTarget.value })}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function Pins({ chart }: { chart: Curves }) {
  const pinned = [...chart.options.pinned].map((place) => chart.trials.number[place] as number);
  if (pinned.length === 0) return null;
  return (
    <div class="row small">
      <b>{t().pinned}</b>
      {pinned.map((trial) => (
        <span class="chip" key={trial}>
          <a href={jobAddress(chart.trials.job, 'trials', trial)}>{words().trialNumber(trial)}</a>
          <button type="button" aria-label={t().unpin(trial)} onClick={() => togglePin({ trial })}>
            ×
          </button>
        </span>
      ))}
    </div>
  );
}

function NoReports({ metric, names }: { metric: string; names: readonly string[] }) {
  return (
    <Empty title={t().none(metric)}>
      <p>{t().noneHelp}</p>
      <MetricPicker metric={metric} names={names} />
    </Empty>
  );
}
