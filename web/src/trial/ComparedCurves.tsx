import { useMemo } from 'preact/hooks';
import type { TrialDocument } from '../api/client';
import type { Colouring } from '../charts/colouring';
import { ChartFrame } from '../charts/ChartFrame';
import { Curves } from '../charts/curves/chart';
import { CurvePlot } from '../charts/curves/CurvePlot';
import { linesOf, type CurveDocument } from '../charts/curves/lines';
import { fieldsOf, type Field } from '../charts/fields';
import { jobAddress, navigate } from '../state/router';
import { takeIn, type ColumnsDocument, type Trials } from '../state/trials';
import { t } from './labels';

export interface ComparedTrial {
  readonly job: string;
  readonly number: number;
  readonly trial: TrialDocument;
  readonly metric: string;
  readonly goal: 'minimize' | 'maximize';
  readonly curve: CurveDocument | undefined;
}

const HEIGHT = 320;

/** The objective's curves of a few trials over each other, each in the colour of its column. */
export function ComparedCurves({ trials }: { trials: readonly ComparedTrial[] }) {
  const chart = useMemo(() => {
    const sheet = sheetOf(trials);
    const lines = trials.flatMap((one, place) =>
      one.curve ? linesOf(new Map([[one.number, one.curve]]), sheet, [place], 'step') : [],
    );
    const places = new Set(trials.keys());
    const options = { over: 'step', scale: 'linear', smoothing: 0, hasBand: false, pinned: places, raised: 0 } as const;
    return new Curves('compared', sheet.metric, sheet, lines, byPlace(sheet), options);
  }, [trials]);
  const open = ({ place }: { place: number }) => {
    const one = trials[place] as ComparedTrial;
    navigate(jobAddress(one.job, 'trials', one.number));
  };
  return (
    <ChartFrame title={t().curves} chart={chart} height={HEIGHT}>
      {(size) => <CurvePlot chart={chart} size={size} label={chart.metric} onPin={open} />}
    </ChartFrame>
  );
}

/** The trials of several jobs as if they were one job's. The best is not told apart: each has its colour. */
function sheetOf(trials: readonly ComparedTrial[]): Trials {
  const column = <T,>(of: (one: TrialDocument) => T) => trials.map(({ trial }) => of(trial));
  const codes = (labels: readonly (string | null)[]) => ({ labels: labels.map(String), codes: labels.map((label, i) => (label === null ? -1 : i)) });
  const document: ColumnsDocument = {
    job: trials[0]?.job ?? '',
    metric: trials[0]?.metric ?? '',
    goal: trials[0]?.goal ?? 'minimize',
    objectives: [],
    metric_limits: [],
    further: {},
    cursor: '',
    last_event: 0,
    full: true,
    removed: [],
    tags: {},
    number: column(({ number }) => number),
    state: codes(column(({ state }) => state)),
    reason: codes(column(({ reason }) => reason)),
    worker: codes(column(() => null)),
    attempt: column(({ attempt }) => attempt),
    objective: column(() => null),
    step: column(({ step }) => step),
    created_at: column((one) => one.created_at),
    started_at: column((one) => one.started_at),
    ended_at: column((one) => one.ended_at),
    parameters: {},
    metrics: {},
  };
  return takeIn(undefined, document);
}

function byPlace(sheet: Trials): Colouring {
  const field = fieldsOf(sheet, [], 0)[0] as Field;
  return {
    field,
    bins: Int32Array.from(sheet.number, (_, place) => place),
    count: Math.max(1, sheet.count),
    colour: (bin, ink) => ink.kind(bin),
    shape: () => 'dot',
    ends: undefined,
  };
}
