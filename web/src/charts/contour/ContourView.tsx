import { useMemo } from 'preact/hooks';
import { get, jobPath, type ApiFailure } from '../../api/client';
import { messages } from '../../i18n/messages';
import { words } from '../../i18n/words';
import { Empty } from '../../parts/Calm';
import { chartTitles } from '../../parts/ChartRail';
import { Drawn } from '../../parts/Drawn';
import { FieldPicker, LogToggle } from '../../parts/FieldPicker';
import { Segmented } from '../../parts/Segmented';
import { number } from '../../state/format';
import { useJob } from '../../state/job';
import { useResource } from '../../state/resource';
import { query, setQuery } from '../../state/router';
import { isOver } from '../../state/statuses';
import { ChartFrame } from '../ChartFrame';
import type { Field } from '../fields';
import { chartHeight, type KindProps } from '../kinds';
import { Places } from '../places';
import { PointedCanvas } from '../PointedCanvas';
import { chooseField, chooseScale, chosenField, chosenScale } from '../view';
import { Contour, type ContourOptions } from './chart';
import { gridsOf, interpolated, type DependenceDocument } from './grid';

const t = messages(
  {
    x: 'Across',
    y: 'Up',
    show: 'What is shown',
    mean: 'expected',
    width: 'uncertainty',
    trials: 'from trials',
    expected: (metric: string) => `expected ${metric}`,
    unsure: (metric: string) => `width of the 95 % interval of ${metric}`,
    between: (metric: string) => `${metric} between trials`,
    model: (trials: number) =>
      `The model that has learned from ${trials} trials, with all other parameters averaged out. Dots are trials that were made; the filter hides dots and leaves the model as it is.`,
    plain: 'No model: the mean of the results of the trials that are shown, weighed by nearness. Far from dots it says little.',
    noModel: (why: string) => `The server has no model yet (${why}), so what is shown comes from the trials alone.`,
    asking: 'The server is working out its model…',
    needTwo: 'Two parameters that vary are needed for this chart',
    noResultHelp: 'Areas of like results begin with the first trials that are complete.',
  },
  {
    zh: {
      x: '横轴',
      y: '纵轴',
      show: '显示内容',
      mean: '预期值',
      width: '不确定性',
      trials: '来自试验',
      expected: (metric: string) => `预期的 ${metric}`,
      unsure: (metric: string) => `${metric} 的 95 % 区间宽度`,
      between: (metric: string) => `试验之间的 ${metric}`,
      model: (trials: number) => `从 ${trials} 个试验中学到的模型,其余参数取平均。点是实际进行的试验;筛选只隐藏点,不改变模型。`,
      plain: '没有模型:所示试验结果按距离加权的平均值。远离点处几乎没有意义。',
      noModel: (why: string) => `服务器还没有模型(${why}),因此仅根据试验显示。`,
      asking: '服务器正在计算模型…',
      needTwo: '此图表需要两个会变化的参数',
      noResultHelp: '首批试验完成后才会显示。',
    },
    ko: {
      x: '가로축',
      y: '세로축',
      show: '표시 내용',
      mean: '기댓값',
      width: '불확실성',
      trials: '시행 기준',
      expected: (metric: string) => `예상 ${metric}`,
      unsure: (metric: string) => `${metric}의 95 % 구간 너비`,
      between: (metric: string) => `시행 사이의 ${metric}`,
      model: (trials: number) =>
        `시행 ${trials}개에서 배운 모델이며 나머지 매개변수는 평균했습니다. 점은 실제 시행이고, 필터는 점만 숨기며 모델은 그대로입니다.`,
      plain: '모델 없음: 표시된 시행 결과를 가까운 정도로 가중 평균했습니다. 점에서 먼 곳은 의미가 적습니다.',
      noModel: (why: string) => `서버에 아직 모델이 없어(${why}) 시행만으로 표시합니다.`,
      asking: '서버가 모델을 계산하는 중…',
      needTwo: '이 차트에는 변하는 매개변수 두 개가 필요합니다',
      noResultHelp: '첫 시행들이 완료되면 표시됩니다.',
    },
  },
);

type Shown = 'mean' | 'width' | 'trials';

/** Areas of like results over two parameters. */
export function ContourView(props: KindProps) {
  const job = useJob();
  const varying = props.fields.filter(({ isParameter, kind, labels }) => isParameter && (kind === 'numbers' || labels.length > 1));
  if (varying.length < 2) return <Empty title={t().needTwo} />;
  if (props.trials.ranking.length === 0) {
    return (
      <Empty title={words().noResult(job.isOver.value)}>
        <p>{t().noResultHelp}</p>
      </Empty>
    );
  }
  return <Pair {...props} varying={varying} />;
}

function Pair({ trials, selection, varying }: KindProps & { varying: readonly Field[] }) {
  const x = chosenField(varying, 'x', varying[0] as Field);
  const asked = chosenField(varying, 'y', varying[1] as Field);
  const y = asked === x ? (varying.find((one) => one !== x) as Field) : asked;
  const [xScale, yScale] = [chosenScale('x', x), chosenScale('y', y)];
  const { known, failure } = useDependence(trials.job, trials.statuses.filter(isOver).length, x.title, y.title);
  const chosen = query.value.get('show');
  const shown: Shown = known === undefined || chosen === 'trials' ? 'trials' : chosen === 'width' ? 'width' : 'mean';
  const chart = useMemo(() => {
    const places = Array.from(selection.mask.keys()).filter((i) => selection.mask[i] === 1);
    const grids = known && gridsOf(known, x, y);
    const grid =
      grids === undefined || shown === 'trials'
        ? interpolated(new Places(x, xScale, [0, 1]), new Places(y, yScale, [0, 1]), trials.objective, places)
        : grids[shown];
    const title = { mean: t().expected, width: t().unsure, trials: t().between }[shown](trials.metric);
    const options: ContourOptions = { x, y, xScale, yScale, title, goal: shown === 'width' ? undefined : trials.goal };
    return new Contour(trials, selection.mask, grid, options);
  }, [trials, selection, known, x, y, xScale, yScale, shown]);
  const others = (one: Field) => varying.filter((field) => field !== one);
  return (
    <ChartFrame
      title={chartTitles().contour}
      chart={chart}
      height={chartHeight()}
      class="wide"
      beside={<Ends chart={chart} />}
      tools={
        <>
          <FieldPicker label={t().x} fields={others(y)} value={x.key} onChange={(key) => chooseField('x', key)} />
          <LogToggle field={x} scale={xScale} onChange={(scale) => chooseScale('x', x, scale)} />
          <FieldPicker label={t().y} fields={others(x)} value={y.key} onChange={(key) => chooseField('y', key)} />
          <LogToggle field={y} scale={yScale} onChange={(scale) => chooseScale('y', y, scale)} />
          {known && (
            <Segmented
              label={t().show}
              options={{ mean: t().mean, width: t().width, trials: t().trials }}
              value={shown}
              onChange={(next) => setQuery({ show: next === 'mean' ? null : next })}
            />
          )}
        </>
      }
      footer={
        <>
          <Drawn shown={chart.shown.length} all={trials.count} without={chart.without} />
          <p class="faint small break">{shown === 'trials' ? t().plain : t().model(known?.trials ?? 0)}</p>
          {!known && !failure && <p class="small">{t().asking}</p>}
          {failure && <p class="small break">{t().noModel(failure.problems[0]?.message ?? failure.detail)}</p>}
        </>
      }
    >
      {(size) => <PointedCanvas chart={chart} size={size} label={chartTitles().contour} />}
    </ChartFrame>
  );
}

/** What the server's model says of two parameters; anew with every tenth trial that ends. */
function useDependence(job: string, over: number, x: string, y: string): { known: DependenceDocument | undefined; failure: ApiFailure | undefined } {
  const found = useResource(`${job} ${JSON.stringify([x, y])} ${Math.floor(over / 10)}`, (abort) =>
    get<DependenceDocument>(jobPath(job, 'dependence'), { parameter: [x, y] }, abort),
  );
  return { known: found.data.value, failure: found.failure.value };
}

function Ends({ chart }: { chart: Contour }) {
  const [low, high] = chart.options.goal === 'minimize' ? [chart.ends[1], chart.ends[0]] : chart.ends;
  return (
    <span class="ramp small">
      {chart.options.title} {number(low)}
      <span class="ramp-colours" />
      {number(high)}
    </span>
  );
}
