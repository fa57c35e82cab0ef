import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { messages } from '../../i18n/messages';
import { navigate } from '../../state/router';
import type { Hit, Size } from '../chart';
import { ink } from '../ink';
import { prepare } from '../surface';
import { Tip } from '../Tip';
import type { Scatter3d } from './chart';
import { turned, type View } from './projection';

const t = messages(
  { keys: 'Drag or arrow keys turn it, plus and minus come nearer and go back.' },
  { zh: { keys: '拖动或方向键旋转,加减键拉近或拉远。' }, ko: { keys: '끌거나 화살표 키로 돌리고, 더하기와 빼기로 가까이 또는 멀리 봅니다.' } },
);

const DEGREES_PER_PIXEL = 0.45;
const STEP = 5;
const MOVED = 4;

interface TurntableProps {
  readonly chart: Scatter3d;
  readonly size: Size;
  readonly label: string;
  readonly view: View;
  /** Where it has come to rest. */
  readonly onView: (view: View) => void;
}

/** A cube that is turned by the pointer and by keys. While it turns nothing but the canvas changes. */
export function Turntable({ chart, size, label, view, onView }: TurntableProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const hit = useSignal<Hit | undefined>(undefined);
  const drag = useRef<{ x: number; y: number; from: View; isTurning: boolean } | undefined>(undefined);
  const frame = useRef(0);
  const colours = ink.value;
  const paint = (next: View) => {
    chart.view = next;
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      if (canvas.current) chart.paint(prepare(canvas.current, size.width, size.height), size, colours);
    });
  };
  useEffect(() => {
    paint(view);
    return () => cancelAnimationFrame(frame.current);
  }, [chart, view.turn, view.tilt, view.zoom, size.width, size.height, colours]);
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, from: chart.view, isTurning: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const held = drag.current;
    if (!held) {
      hit.value = chart.hit(event.offsetX, event.offsetY, size);
      return;
    }
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    held.isTurning ||= Math.hypot(dx, dy) > MOVED;
    if (!held.isTurning) return;
    hit.value = undefined;
    paint(turned(held.from, dx * DEGREES_PER_PIXEL, dy * DEGREES_PER_PIXEL));
  };
  const onPointerUp = (event: PointerEvent) => {
    const held = drag.current;
    drag.current = undefined;
    if (held?.isTurning) return onView(chart.view);
    const under = chart.hit(event.offsetX, event.offsetY, size);
    if (event.type === 'pointerup' && under?.href) navigate(under.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = byKey(event.key, chart.view);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onView(next);
  };
  const style = { inlineSize: `${size.width}px`, blockSize: `${size.height}px` };
  return (
    <div
      class="chart-canvas turntable"
      data-hit={hit.value?.href !== undefined}
      tabIndex={0}
      role="group"
      aria-label={`${label}. ${t().keys}`}
      onKeyDown={onKeyDown}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${label}: ${chart.summary}`}
        style={style}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onPointerLeave={() => (hit.value = undefined)}
      />
      {hit.value && <Tip hit={hit.value} size={size} />}
    </div>
  );
}

function byKey(key: string, view: View): View | undefined {
  switch (key) {
    case 'ArrowLeft':
      return turned(view, -STEP, 0);
    case 'ArrowRight':
      return turned(view, STEP, 0);
    case 'ArrowUp':
      return turned(view, 0, STEP);
    case 'ArrowDown':
      return turned(view, 0, -STEP);
    case '+':
    case '=':
      return turned(view, 0, 0, 1.15);
    case '-':
      return turned(view, 0, 0, 1 / 1.15);
    default:
      return undefined;
  }
}
