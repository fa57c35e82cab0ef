import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { messages } from '../../i18n/messages';
import { words } from '../../i18n/words';
import { Empty } from '../../parts/Calm';
import { chartTitles } from '../../parts/ChartRail';
import { Drawn } from '../../parts/Drawn';
import { FieldPicker, LogToggle } from '../../parts/FieldPicker';
import { Legend } from '../../parts/Legend';
import { Segmented } from '../../parts/Segmented';
import { query, setQuery } from '../../state/router';
import { ChartFrame } from '../ChartFrame';
import type { Field } from '../fields';
import { chartHeight, type KindProps } from '../kinds';
import { PointedCanvas } from '../PointedCanvas';
import { chooseField, chooseScale, chosenField, chosenScale } from '../view';
import { Pareto } from './chart';
import { Growth } from './growth';
import { metricField, objectivesOf, type Goal } from './objectives';

const t = messages(
  {
    one: 'This job has one objective',
    oneHelp: 'A front shows what cannot be had together, as accuracy and speed. Jobs with several objectives have it by themselves.',
    weigh: 'Weigh another metric against it',
    choose: 'choose…',
    goal: (metric: string) => `Goal of ${metric}`,
    none: 'No trial has a value of every objective yet',
    noneHelp: 'The front begins with the first trial that reported all of them.',
    x: 'Across',
    y: 'Up',
    front: 'on the front',
    beaten: 'beaten by another trial',
    beyond: 'beaten, or beyond a limit',
    yes: 'yes',
    no: 'no',
    without: (count: number) => `${count} without a value of every objective are not drawn`,
    left: (count: number) => `${count} left out by the filter`,
    growth: 'Hypervolume',
    growthHelp: 'The share of the box between the best and the worst value of each objective that the front has reached.',
    back: 'One objective only',
  },
  {
    zh: {
      one: '此任务只有一个目标',
      oneHelp: '前沿显示无法同时得到的结果,例如准确率和速度。有多个目标的任务会直接显示前沿。',
      weigh: '与另一个指标权衡',
      choose: '选择…',
      goal: (metric: string) => `${metric} 的目标`,
      none: '还没有试验同时具有所有目标的值',
      noneHelp: '第一个报告了全部目标的试验出现后才有前沿。',
      x: '横轴',
      y: '纵轴',
      front: '在前沿上',
      beaten: '被其他试验超过',
      beyond: '被超过,或超出限制',
      yes: '是',
      no: '否',
      without: (count: number) => `${count} 个缺少某个目标的值,未绘制`,
      left: (count: number) => `${count} 个被筛选排除`,
      growth: '超体积',
      growthHelp: '在各目标最佳值与最差值构成的盒子中,前沿已达到的比例。',
      back: '仅一个目标',
    },
    ko: {
      one: '이 작업은 목표가 하나입니다',
      oneHelp: '프런트는 정확도와 속도처럼 함께 얻을 수 없는 것을 보여 줍니다. 목표가 여럿인 작업에는 바로 표시됩니다.',
      weigh: '다른 측정항목과 견주기',
      choose: '선택…',
      goal: (metric: string) => `${metric}의 목표`,
      none: '모든 목표의 값이 있는 시행이 아직 없습니다',
      noneHelp: '모두 보고한 첫 시행부터 프런트가 표시됩니다.',
      x: '가로축',
      y: '세로축',
      front: '프런트에 있음',
      beaten: '다른 시행에 뒤짐',
      beyond: '뒤지거나 제한을 벗어남',
      yes: '예',
      no: '아니요',
      without: (count: number) => `모든 목표의 값이 있지 않은 ${count}개는 표시하지 않음`,
      left: (count: number) => `필터로 제외 ${count}개`,
      growth: '초부피',
      growthHelp: '각 목표의 최고값과 최저값 사이 상자에서 프런트가 도달한 비율입니다.',
      back: '목표 하나만',
    },
  },
);

const AGAINST = 'against';
const GOAL = 'goal';

/** What cannot be had together: of several objectives, or of one and a metric that is weighed against it. */
export function ParetoView(props: KindProps) {
  const { trials, spec, fields } = props;
  const metric = query.value.get(AGAINST);
  const goal: Goal = query.value.get(GOAL) === 'maximize' ? 'maximize' : 'minimize';
  const objectives = useMemo(() => {
    const own = objectivesOf(spec, trials, fields);
    const other = spec.objectives.length === 1 && metric !== null ? metricField(fields, trials, metric, goal) : undefined;
    return other ? [...own, other] : own;
  }, [spec, trials, fields, metric, goal]);
  const isOwn = spec.objectives.length > 1;
  if (!isOwn && objectives.length < 2) return <OneObjective fields={fields} />;
  const isThere = objectives.length > 1 && trials.statuses.some((_, i) => objectives.every(({ values }) => Number.isFinite(values[i])));
  if (!isThere) {
    return (
      <Empty title={t().none}>
        <p>{t().noneHelp}</p>
        {!isOwn && <Weighing fields={fields} metric={metric} goal={goal} />}
      </Empty>
    );
  }
  return <Front {...props} objectives={objectives} weighing={isOwn ? null : <Weighing fields={fields} metric={metric} goal={goal} />} />;
}

function OneObjective({ fields }: { fields: readonly Field[] }) {
  return (
    <Empty title={t().one}>
      <p>{t().oneHelp}</p>
      <Weighing fields={fields} metric={null} goal="minimize" />
    </Empty>
  );
}

/** Chooses a metric that stands against the objective, and which end of it is good. */
function Weighing({ fields, metric, goal }: { fields: readonly Field[]; metric: string | null; goal: Goal }) {
  const others = fields.filter(({ key }) => key.startsWith('*.'));
  if (others.length === 0) return null;
  return (
    <>
      <FieldPicker
        label={t().weigh}
        fields={others}
        value={metric === null ? '' : `*.${metric}`}
        none={metric === null ? t().choose : t().back}
        onChange={(key) => setQuery({ [AGAINST]: key.slice(2) || null, ...(key ? {} : { [GOAL]: null }) })}
      />
      {metric !== null && (
        <Segmented
          label={t().goal(metric)}
          options={{ minimize: words().minimize, maximize: words().maximize }}
          value={goal}
          onChange={(next) => setQuery({ [GOAL]: next === 'minimize' ? null : next })}
        />
      )}
    </>
  );
}

interface FrontProps extends KindProps {
  readonly objectives: readonly Field[];
  readonly weighing: ComponentChildren;
}

function Front({ trials, selection, objectives, weighing }: FrontProps) {
  const x = chosenField(objectives, 'x', objectives[0] as Field);
  const asked = chosenField(objectives, 'y', objectives[1] as Field);
  const y = asked === x ? (objectives.find((one) => one !== x) as Field) : asked;
  const [xScale, yScale] = [chosenScale('x', x), chosenScale('y', y)];
  const titles = t();
  const chart = useMemo(
    () => new Pareto(trials, selection.mask, objectives, x, y, [xScale, yScale], titles),
    [trials, selection, objectives, x, y, xScale, yScale, titles],
  );
  const growth = useMemo(() => new Growth(trials, chart, titles.growth), [chart, titles]);
  const more = [
    ...(chart.without > 0 ? [t().without(chart.without)] : []),
    ...(selection.count < trials.count ? [t().left(trials.count - selection.count)] : []),
  ];
  return (
    <>
      <ChartFrame
        title={chartTitles().pareto}
        chart={chart}
        height={chartHeight()}
        class="wide"
        beside={
          <Legend
            items={[
              { key: 'front', text: <>{t().front} <b>{chart.front.length}</b></> },
              { key: 'beaten', text: <>{chart.trials.limits.length > 0 ? t().beyond : t().beaten} <b>{chart.able.length - chart.front.length}</b></> },
            ]}
          />
        }
        tools={
          <>
            {weighing}
            {objectives.length > 2 && (
              <>
                <FieldPicker label={t().x} fields={objectives} value={x.key} onChange={(key) => chooseField('x', key)} />
                <FieldPicker label={t().y} fields={objectives} value={y.key} onChange={(key) => chooseField('y', key)} />
              </>
            )}
            <LogToggle field={x} scale={xScale} onChange={(scale) => chooseScale('x', x, scale)} />
            <LogToggle field={y} scale={yScale} onChange={(scale) => chooseScale('y', y, scale)} />
          </>
        }
        footer={<Drawn shown={chart.able.length} all={trials.count} more={more} />}
      >
        {(size) => <PointedCanvas chart={chart} size={size} label={chartTitles().pareto} />}
      </ChartFrame>
      {chart.able.length > 0 && (
        <ChartFrame title={t().growth} chart={growth} height={200} class="wide" footer={<p class="faint small">{t().growthHelp}</p>} />
      )}
    </>
  );
}
