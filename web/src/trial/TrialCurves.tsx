import { useEffect, useMemo } from 'preact/hooks';
import type { Colouring } from '../charts/colouring';
import { ChartFrame } from '../charts/ChartFrame';
import { Curves } from '../charts/curves/chart';
import { CurvePlot } from '../charts/curves/CurvePlot';
import { linesOf } from '../charts/curves/lines';
import { CurveStore } from '../charts/curves/store';
import { fieldsOf, type Field } from '../charts/fields';
import { Failure, Skeleton } from '../parts/Calm';
import { useJob } from '../state/job';
import { jobAddress, navigate } from '../state/router';
import type { Trials } from '../state/trials';
import { t } from './labels';

const [LARGE, SMALL] = [300, 190];
const OTHERS = 200;

/** What a trial reported, each metric before the band of the job's other trials. */
export function TrialCurves({ number }: { number: number }) {
  const { trials, spec } = useJob();
  const [sheet, asked] = [trials.value, spec.value];
  const place = sheet?.place(number);
  const objective = useMemo(() => (sheet && asked ? fieldsOf(sheet, asked.parameters, 0)[0] : undefined), [sheet, asked]);
  if (!sheet || place === undefined || !objective) return <Skeleton height={LARGE} />;
  const reported = (metric: string) => (sheet.metrics.get(metric)?.reports[place] ?? 0) > 0;
  const others = [...sheet.metrics.keys()].filter((metric) => metric !== sheet.metric && reported(metric));
  return (
    <div class="stack">
      {[sheet.metric, ...others].map((metric) => (
        <MetricCurve key={metric} metric={metric} trials={sheet} place={place} field={objective} isMain={metric === sheet.metric} />
      ))}
    </div>
  );
}

interface MetricCurveProps {
  readonly metric: string;
  readonly trials: Trials;
  readonly place: number;
  readonly field: Field;
  readonly isMain: boolean;
}

function MetricCurve({ metric, trials, place, field, isMain }: MetricCurveProps) {
  const store = useMemo(() => new CurveStore(trials.job, metric), [trials.job, metric]);
  useEffect(() => () => store.dispose(), [store]);
  const places = useMemo(() => sample(trials, metric, place), [trials, metric, place]);
  useEffect(() => store.want(trials, places), [store, trials, places]);
  const curves = store.curves.value;
  const chart = useMemo(() => {
    const options = { over: 'step', scale: 'linear', smoothing: 0, hasBand: true, pinned: new Set([place]), raised: 0 } as const;
    return new Curves(`trial-${metric}`, metric, trials, linesOf(curves, trials, places, 'step'), oneOf(trials, place, field), options);
  }, [curves, trials, places, place, field]);
  const height = isMain ? LARGE : SMALL;
  if (!store.isKnown.value) {
    return store.failure.value ? <Failure failure={store.failure.value} retry={() => store.retry()} /> : <Skeleton height={height} />;
  }
  const hasOwn = chart.lines.some((line) => line.place === place);
  const open = ({ trial }: { trial: number }) => navigate(jobAddress(trials.job, 'trials', trial));
  return (
    <ChartFrame
      title={metric}
      chart={chart}
      height={height}
      footer={<p class="faint small">{hasOwn ? t().band(chart.lines.length - 1) : t().silent(metric)}</p>}
    >
      {(size) => <CurvePlot chart={chart} size={size} label={metric} onPin={open} />}
    </ChartFrame>
  );
}

/** The trial and others that reported, evenly over the whole job. */
function sample(trials: Trials, metric: string, place: number): readonly number[] {
  const reports = trials.metrics.get(metric)?.reports;
  const all: number[] = [];
  for (let i = 0; i < trials.count; i++) if (i !== place && (reports?.[i] ?? 0) > 0) all.push(i);
  const step = Math.max(1, all.length / OTHERS);
  const some = Array.from({ length: Math.min(OTHERS, all.length) }, (_, k) => all[Math.floor(k * step)] as number);
  return [...some, place];
}

/** One trial in colour before all others in grey. */
function oneOf(trials: Trials, place: number, field: Field): Colouring {
  const bins = new Int32Array(trials.count);
  bins[place] = 1;
  return { field, bins, count: 2, colour: (bin, ink) => (bin === 1 ? ink.accent : ink.faint), shape: () => 'dot', ends: undefined };
}
