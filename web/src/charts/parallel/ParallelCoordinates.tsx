import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { messages } from '../../i18n/messages';
import { words } from '../../i18n/words';
import { BrushChips } from '../../parts/FilterBar';
import type { Brush, Brushes } from '../../state/brushes';
import { useJob } from '../../state/job';
import { jobAddress, place } from '../../state/router';
import { brushed, brushes, setBrush } from '../../state/selection';
import type { Trials } from '../../state/trials';
import type { Size } from '../chart';
import { ChartFrame } from '../ChartFrame';
import { hasData } from '../painted';
import { AxisControl } from './AxisControl';
import { AxisMenu } from './AxisMenu';
import { Parallel } from './chart';
import { Layers } from './Layers';
import { axisOf, shares, type AxisChoice, type ParallelAxis } from './model';
import { layoutOf } from './paint';
import { axisChoices, chooseAxes } from './view';

const t = messages(
  {
    title: 'Parallel coordinates',
    use: 'Use ranges in a new job',
    help: 'Drag on an axis to keep a range, Shift for another one; drag a title to move its axis, double-click it to turn the axis round.',
  },
  {
    zh: {
      title: '平行坐标',
      use: '在新任务中使用这些范围',
      help: '在轴上拖动以保留一个范围,按住 Shift 可再加一个;拖动标题可移动轴,双击可翻转轴。',
    },
    ko: {
      title: '평행 좌표',
      use: '이 범위로 새 작업',
      help: '축 위를 끌어 범위를 남기고, Shift로 더 추가합니다. 제목을 끌면 축이 이동하고, 두 번 누르면 축이 뒤집힙니다.',
    },
  },
);

const LEAST_GAP = 92;

/** Every trial over every parameter. Its brushes are a part of the filter that all views share. */
export function ParallelCoordinates({ height = 330 }: { height?: number }) {
  const { name, trials, spec, unbrushed } = useJob();
  const drawn = useSignal<Brushes | undefined>(undefined);
  const [sheet, asked, base] = [trials.value, spec.value, unbrushed.value];
  const choices = sheet && axisChoices(asked?.parameters.map((one) => one.name) ?? sheet.parameters.keys());
  const key = JSON.stringify(choices);
  const axes = useMemo(() => {
    if (!sheet || !choices) return [];
    hasData('parallel');
    const known = new Map(asked?.parameters.map((one) => [one.name, one]));
    return choices
      .map((choice) => axisOf(sheet, choice, known.get(choice.name)))
      .filter((one): one is ParallelAxis => one !== undefined);
  }, [sheet, asked, key]);
  const colours = useMemo(() => (sheet ? shares(sheet) : new Float32Array()), [sheet]);
  const present = drawn.value ?? brushes.value;
  const chart = useMemo(
    () => sheet && base && new Parallel(sheet, axes, brushed(base.mask, sheet, present), colours),
    [sheet, base, axes, colours, present],
  );
  if (!sheet || !chart || !choices) return null;
  const onBrush = (axis: string, brush: Brush | undefined, isDone: boolean) => {
    if (isDone) {
      drawn.value = undefined;
      setBrush(axis, brush);
      return;
    }
    const next = new Map(brushes.peek());
    if (brush) next.set(axis, brush);
    else next.delete(axis);
    drawn.value = next;
  };
  return (
    <ChartFrame
      title={t().title}
      chart={chart}
      height={height}
      class="wide"
      beside={
        <>
          <span class="faint small">{words().shownOf(chart.shown.length, sheet.count)}</span>
          <BrushChips />
        </>
      }
      tools={
        <>
          <Ramp />
          <AxisMenu choices={choices} metric={sheet.metric} all={[...sheet.parameters.keys()]} />
          {brushes.value.size > 0 && (
            <a class="button small" href={jobAddress(name, 'extend') + place.value.search}>
              {t().use}
            </a>
          )}
        </>
      }
      footer={<p class="faint small chart-help">{t().help}</p>}
    >
      {(size) => <Body chart={chart} size={size} choices={choices} sheet={sheet} present={present} onBrush={onBrush} />}
    </ChartFrame>
  );
}

interface BodyProps {
  readonly chart: Parallel;
  readonly size: Size;
  readonly choices: readonly AxisChoice[];
  readonly sheet: Trials;
  readonly present: Brushes;
  readonly onBrush: (axis: string, brush: Brush | undefined, isDone: boolean) => void;
}

/** Wider than its card where there are many axes: then it scrolls. */
function Body({ chart, size, choices, sheet, present, onBrush }: BodyProps) {
  const moving = useSignal<{ axis: string; x: number } | undefined>(undefined);
  const wide = { width: Math.max(size.width, chart.axes.length * LEAST_GAP), height: size.height };
  const layout = layoutOf(chart.axes, wide.width, wide.height);
  const move = (name: string, to: number) => {
    const from = choices.findIndex((one) => one.name === name);
    const next = choices.filter((one) => one.name !== name);
    next.splice(Math.min(next.length, Math.max(0, to)), 0, choices[from] as AxisChoice);
    chooseAxes(next);
  };
  const onTitleDrag = (name: string, x: number, isDone: boolean) => {
    moving.value = isDone ? undefined : { axis: name, x };
    if (!isDone) return;
    const others = layout.xs.filter((_, k) => chart.axes[k]?.name !== name);
    move(name, others.filter((other) => other < x).length);
  };
  return (
    <div class="parallel" tabIndex={-1}>
      <div class="parallel-inner" style={{ inlineSize: `${wide.width}px`, blockSize: `${wide.height}px` }}>
        <Layers chart={chart} size={wide} />
        {chart.axes.map((one, k) => (
          <AxisControl
            key={one.name}
            axis={one}
            goal={sheet.goal}
            x={moving.value?.axis === one.name ? moving.value.x : (layout.xs[k] as number)}
            layout={layout}
            brush={present.get(one.name)}
            onBrush={(brush, isDone) => onBrush(one.name, brush, isDone)}
            onTitleDrag={(x, isDone) => onTitleDrag(one.name, x, isDone)}
            onMove={(by) => move(one.name, choices.findIndex((choice) => choice.name === one.name) + by)}
            onInvert={() =>
              chooseAxes(
                choices.map((choice) =>
                  choice.name === one.name ? { ...choice, isInverted: !choice.isInverted } : choice,
                ),
              )
            }
          />
        ))}
      </div>
    </div>
  );
}

function Ramp() {
  return (
    <span class="ramp small">
      {words().worse}
      <span class="ramp-colours" />
      {words().better}
    </span>
  );
}
