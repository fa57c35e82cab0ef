import { useRef } from 'preact/hooks';
import { messages } from '../../i18n/messages';
import { words } from '../../i18n/words';
import type { Brush, Range } from '../../state/brushes';
import { said } from '../../parts/FilterBar';
import type { ParallelAxis } from './model';
import { type Layout, yOf } from './paint';
import { brushOf, spansOf } from './spans';

const t = messages(
  {
    brush: (name: string) => `Range of ${name}`,
    nothing: 'everything',
    move: 'dragging, or Alt with an arrow key, moves the axis; a double click turns it round',
    categorical: 'categorical',
    objective: 'objective',
  },
  {
    zh: {
      brush: (name: string) => `${name} 的范围`,
      nothing: '全部',
      move: '拖动,或按 Alt 加方向键移动此轴;双击可翻转',
      categorical: '分类',
      objective: '目标',
    },
    ko: {
      brush: (name: string) => `${name} 범위`,
      nothing: '전체',
      move: '끌거나 Alt와 화살표 키로 축을 이동하고, 두 번 누르면 뒤집습니다',
      categorical: '범주형',
      objective: '목표',
    },
  },
);

interface AxisControlProps {
  readonly axis: ParallelAxis;
  readonly goal: 'minimize' | 'maximize';
  readonly x: number;
  readonly layout: Layout;
  readonly brush: Brush | undefined;
  /** The brush while it is drawn, and when it is done. */
  readonly onBrush: (brush: Brush | undefined, isDone: boolean) => void;
  readonly onTitleDrag: (x: number, isDone: boolean) => void;
  readonly onMove: (by: number) => void;
  readonly onInvert: () => void;
}

/** A title that can be moved, and an axis on which ranges are drawn, with the pointer or by keys. */
export function AxisControl(props: AxisControlProps) {
  const { axis, x, layout, brush, goal } = props;
  const spans = brush ? spansOf(axis, brush) : [];
  return (
    <>
      <button
        type="button"
        class="axis-title"
        data-objective={axis.isObjective}
        title={`${axis.title}: ${t().move}`}
        style={{ insetInlineStart: `${x}px` }}
        {...useTitleDrag(props)}
      >
        <span class="clip">{axis.title}</span>
        <small>{about(axis, goal)}</small>
      </button>
      <AxisBrush {...props} spans={spans} />
      {spans.map(({ low, high }, i) => (
        <span
          key={i}
          class="axis-brush"
          style={{
            insetInlineStart: `${x - 5}px`,
            insetBlockStart: `${yOf(layout, high)}px`,
            blockSize: `${Math.max(3, yOf(layout, low) - yOf(layout, high))}px`,
          }}
        />
      ))}
    </>
  );
}

function about(axis: ParallelAxis, goal: 'minimize' | 'maximize'): string {
  if (axis.isObjective) return `${t().objective} ${goal === 'minimize' ? '↓' : '↑'}`;
  if (axis.kind === 'labels') return t().categorical;
  return axis.scale === 'log' ? words().log : words().linear;
}

const MOVED = 4;

function useTitleDrag(props: AxisControlProps) {
  const from = useRef<{ pointer: number; x: number } | undefined>(undefined);
  const drag = (event: PointerEvent, isDone: boolean) => {
    if (!from.current) return;
    const by = event.clientX - from.current.pointer;
    if (Math.abs(by) > MOVED) props.onTitleDrag(from.current.x + by, isDone);
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      from.current = { pointer: event.clientX, x: props.x };
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => drag(event, false),
    onPointerUp: (event: PointerEvent) => {
      drag(event, true);
      from.current = undefined;
    },
    onDblClick: props.onInvert,
    onKeyDown: (event: KeyboardEvent) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!event.altKey || by === undefined) return;
      event.preventDefault();
      props.onMove(by);
    },
  };
}

interface Drag {
  readonly from: number;
  readonly others: readonly Range[];
  /** The range that is moved as a whole, or whose other end stays. */
  readonly moved?: Range;
  readonly fixed?: number;
}

const GRIP = 0.025;

function AxisBrush({ axis, x, layout, brush, onBrush, spans }: AxisControlProps & { spans: readonly Range[] }) {
  const drag = useRef<Drag | undefined>(undefined);
  const height = layout.bottom - layout.top;
  const placeOf = (event: PointerEvent) => 1 - event.offsetY / height;
  const within = (place: number) => Math.min(1, Math.max(0, place));

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const place = within(placeOf(event));
    drag.current = beginDrag(place, spans, event.shiftKey);
  };
  const drawn = (event: PointerEvent): Brush | undefined => {
    const { from, others, moved, fixed } = drag.current as Drag;
    const place = within(placeOf(event));
    if (moved) {
      const by = Math.min(1 - moved.high, Math.max(-moved.low, place - from));
      return brushOf(axis, [...others, { low: moved.low + by, high: moved.high + by }]);
    }
    const anchor = fixed ?? from;
    return brushOf(axis, [...others, { low: Math.min(anchor, place), high: Math.max(anchor, place) }]);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current) onBrush(drawn(event), false);
  };
  const onPointerUp = (event: PointerEvent) => {
    if (!drag.current) return;
    const found = drawn(event);
    drag.current = undefined;
    onBrush(found, true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = byKey(event, spans);
    if (next === undefined) return;
    event.preventDefault();
    onBrush(brushOf(axis, next), true);
  };
  const middle = spans[0] ? (spans[0].low + spans[0].high) / 2 : 0.5;
  return (
    <div
      class="axis-hold"
      role="slider"
      tabIndex={0}
      aria-label={t().brush(axis.title)}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(middle * 100)}
      aria-valuetext={brush ? said(brush) : t().nothing}
      style={{ insetInlineStart: `${x - 14}px`, insetBlockStart: `${layout.top}px`, blockSize: `${height}px` }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onDblClick={() => onBrush(undefined, true)}
      onKeyDown={onKeyDown}
    />
  );
}

/** Inside a range it is moved, at its ends it is resized, elsewhere a new one begins. */
function beginDrag(place: number, spans: readonly Range[], isMore: boolean): Drag {
  for (const span of spans) {
    const others = spans.filter((one) => one !== span);
    if (Math.abs(place - span.high) < GRIP) return { from: place, others, fixed: span.low };
    if (Math.abs(place - span.low) < GRIP) return { from: place, others, fixed: span.high };
    if (place > span.low && place < span.high) return { from: place, others, moved: span };
  }
  return { from: place, others: isMore ? spans : [] };
}

/** Arrows move the range, with Shift they resize it, Escape takes it off. */
function byKey(event: KeyboardEvent, spans: readonly Range[]): readonly Range[] | undefined {
  if (event.key === 'Escape' || event.key === 'Delete') return [];
  const by = { ArrowUp: 0.02, ArrowDown: -0.02, PageUp: 0.1, PageDown: -0.1 }[event.key];
  if (by === undefined || event.altKey) return undefined;
  const { low, high } = spans[0] ?? { low: 0.25, high: 0.75 };
  const rest = spans.slice(1);
  if (spans.length === 0) return [{ low, high }];
  if (event.shiftKey) return [{ low, high: Math.min(1, Math.max(low + 0.02, high + by)) }, ...rest];
  const step = Math.min(1 - high, Math.max(-low, by));
  return [{ low: low + step, high: high + step }, ...rest];
}
