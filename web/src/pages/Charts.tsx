import type { ComponentType } from 'preact';
import { useMemo } from 'preact/hooks';
import { colouringOf } from '../charts/colouring';
import { OBJECTIVE } from '../state/brushes';
import { fieldsOf } from '../charts/fields';
import { ContourView } from '../charts/contour/ContourView';
import { CurvesView } from '../charts/curves/CurvesView';
import { ImportanceView } from '../charts/importance/ImportanceView';
import { chartHeight, type KindProps } from '../charts/kinds';
import { ParallelCoordinates } from '../charts/parallel/ParallelCoordinates';
import { ScatterView } from '../charts/scatter/ScatterView';
import { ParetoView } from '../charts/pareto/ParetoView';
import { Scatter3dView } from '../charts/scatter3d/Scatter3dView';
import { SliceView } from '../charts/slice/SliceView';
import { CHARTS, chosenField, isChartKind, type ChartKind } from '../charts/view';
import { messages } from '../i18n/messages';
import { Empty, Skeleton } from '../parts/Calm';
import { ChartBar } from '../parts/ChartBar';
import { chartAddress, ChartRail, chartTitles } from '../parts/ChartRail';
import type { PageProps } from '../state/router';
import { now } from '../state/clock';
import { useJob } from '../state/job';
import { jobAddress, navigate, setQuery } from '../state/router';
import { clearSelection } from '../state/selection';
import { useShortcuts } from '../state/shortcuts';
import { words } from '../i18n/words';

const t = messages(
  {
    unknown: (word: string) => `There is no chart "${word}"`,
    noTrials: 'There is nothing to draw yet',
    noTrialsHelp: 'Charts begin with the first trial.',
    noneLeft: 'The filter leaves no trial',
    full: 'Full screen',
    table: 'Chart or table',
    go: (title: string) => `Chart: ${title}`,
  },
  {
    zh: {
      unknown: (word: string) => `没有图表"${word}"`,
      noTrials: '还没有可绘制的内容',
      noTrialsHelp: '第一个试验开始后才有图表。',
      noneLeft: '筛选后没有试验',
      full: '全屏',
      table: '图表或表格',
      go: (title: string) => `图表:${title}`,
    },
    ko: {
      unknown: (word: string) => `"${word}" 차트가 없습니다`,
      noTrials: '아직 그릴 것이 없습니다',
      noTrialsHelp: '첫 시행부터 차트가 표시됩니다.',
      noneLeft: '필터에 남는 시행이 없습니다',
      full: '전체 화면',
      table: '차트 또는 표',
      go: (title: string) => `차트: ${title}`,
    },
  },
);

const VIEWS: Readonly<Record<ChartKind, ComponentType<KindProps>>> = {
  curves: CurvesView,
  parallel: () => <ParallelCoordinates height={chartHeight()} />,
  scatter: ScatterView,
  scatter3d: Scatter3dView,
  slice: SliceView,
  contour: ContourView,
  importance: ImportanceView,
  pareto: ParetoView,
};
/** These have colours of their own. */
const OWN_COLOURS: ReadonlySet<ChartKind> = new Set(['parallel', 'contour', 'importance', 'pareto']);

/** One chart of a job at a time, in the size of the page. */
export default function Charts({ params }: PageProps) {
  const { name } = useJob();
  const asked = params.chart ?? CHARTS[0];
  if (!isChartKind(asked)) {
    return (
      <Empty title={t().unknown(asked)}>
        <a class="button" href={jobAddress(name, 'charts')}>
          {chartTitles().curves}
        </a>
      </Empty>
    );
  }
  return (
    <div class="charts">
      <ChartRail job={name} chosen={asked} />
      <Shown kind={asked} />
    </div>
  );
}

function Shown({ kind }: { kind: ChartKind }) {
  const { name, trials, spec, selection } = useJob();
  const [sheet, asked, chosen] = [trials.value, spec.value, selection.value];
  const fields = useMemo(() => (sheet && asked ? fieldsOf(sheet, asked.parameters, now.peek()) : []), [sheet, asked]);
  const colour = fields[0] && chosenField(fields, 'c', fields[0]);
  const colouring = useMemo(() => colour && colouringOf(colour), [colour]);
  useShortcuts([
    { key: 'f', says: () => t().full, run: toggleFull },
    { key: 't', says: () => t().table, run: () => pressed('[data-twin]') },
    ...CHARTS.map((one, i) => ({
      key: String(i + 1),
      says: () => t().go(chartTitles()[one]),
      run: () => navigate(chartAddress(name, one)),
    })),
  ]);
  if (!sheet || !asked || !chosen || !colouring) return <Skeleton height={420} lines={2} />;
  if (sheet.count === 0) {
    return (
      <Empty title={t().noTrials}>
        <p>{t().noTrialsHelp}</p>
      </Empty>
    );
  }
  const View = VIEWS[kind];
  const onColour = (key: string) => setQuery({ c: key === OBJECTIVE ? null : key });
  return (
    <div class="stack">
      <ChartBar fields={fields} colour={colouring.field.key} {...(OWN_COLOURS.has(kind) ? {} : { onColour })} />
      {chosen.count === 0 ? (
        <Empty title={t().noneLeft}>
          <button type="button" class="button" onClick={clearSelection}>
            {words().clear}
          </button>
        </Empty>
      ) : (
        <View key={kind} trials={sheet} spec={asked} selection={chosen} fields={fields} colouring={colouring} />
      )}
    </div>
  );
}

function toggleFull(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.querySelector('.charts .chart-card')?.requestFullscreen();
}

function pressed(found: string): void {
  document.querySelector<HTMLButtonElement>(`.charts ${found}`)?.click();
}
