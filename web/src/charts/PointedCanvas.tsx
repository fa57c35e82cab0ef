import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { messages } from '../i18n/messages';
import { navigate } from '../state/router';
import type { Chart, Hit, Size } from './chart';
import { ink } from './ink';
import { prepare } from './surface';
import { Tip } from './Tip';

const t = messages(
  { keys: 'Arrow keys go from point to point, Enter opens the trial.' },
  { zh: { keys: '方向键在点之间移动,Enter 打开试验。' }, ko: { keys: '화살표 키로 점 사이를 이동하고 Enter로 시행을 엽니다.' } },
);

export type Outline = readonly (readonly [number, number])[];

/** A chart whose points can be visited one after the other. */
export interface PointedChart extends Chart {
  /** The places of its points in pixels, in the order in which keys go through them. */
  stops(size: Size): Outline;
}

interface PointedCanvasProps {
  readonly chart: PointedChart;
  readonly size: Size;
  readonly label: string;
  /** Drawn round points with the pointer. */
  readonly onLasso?: (outline: Outline) => void;
}

const MOVED = 5;

/** A picture of points: they are told under the pointer and by keys, and a line can be drawn round them. */
export function PointedCanvas({ chart, size, label, onLasso }: PointedCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const hit = useSignal<Hit | undefined>(undefined);
  const outline = useRef<[number, number][] | undefined>(undefined);
  const colours = ink.value;
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (canvas.current) chart.paint(prepare(canvas.current, size.width, size.height), size, colours);
    });
    return () => cancelAnimationFrame(frame);
  }, [chart, size.width, size.height, colours]);
  const paintOutline = () => {
    if (!over.current) return;
    const surface = prepare(over.current, size.width, size.height);
    if (!outline.current) return;
    surface.beginPath();
    for (const [x, y] of outline.current) surface.lineTo(x, y);
    surface.closePath();
    surface.fillStyle = surface.strokeStyle = colours.accent;
    surface.globalAlpha = 0.15;
    surface.fill();
    surface.globalAlpha = 1;
    surface.stroke();
  };
  const begin = (event: PointerEvent) => {
    if (!onLasso || event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    outline.current = [[event.offsetX, event.offsetY]];
  };
  const move = (event: PointerEvent) => {
    if (!outline.current) {
      hit.value = chart.hit?.(event.offsetX, event.offsetY, size);
      return;
    }
    outline.current.push([event.offsetX, event.offsetY]);
    hit.value = undefined;
    paintOutline();
  };
  const end = (event: PointerEvent) => {
    const drawn = outline.current;
    outline.current = undefined;
    paintOutline();
    if (drawn && isDrawn(drawn)) onLasso?.(drawn);
    else if (event.type === 'pointerup') follow(chart.hit?.(event.offsetX, event.offsetY, size));
  };
  const onKeyDown = useWalk(chart, size, hit);
  const style = { inlineSize: `${size.width}px`, blockSize: `${size.height}px` };
  return (
    <div
      class="chart-canvas pointed"
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
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
        onPointerLeave={() => (hit.value = undefined)}
      />
      {onLasso && <canvas ref={over} class="over" style={style} aria-hidden="true" />}
      {hit.value && <Tip hit={hit.value} size={size} />}
      <span class="visually-hidden" role="status">
        {hit.value && [hit.value.title, ...hit.value.lines].join(', ')}
      </span>
    </div>
  );
}

function isDrawn(outline: Outline): boolean {
  const [x, y] = outline[0] as readonly [number, number];
  return outline.some(([px, py]) => Math.hypot(px - x, py - y) > MOVED);
}

function follow(hit: Hit | undefined): void {
  if (hit?.href) navigate(hit.href);
}

/** The arrow keys go through the points. */
function useWalk(chart: PointedChart, size: Size, hit: { value: Hit | undefined }) {
  const at = useRef(-1);
  const stops = useMemo(() => ({ of: undefined as Outline | undefined }), [chart, size.width, size.height]);
  return (event: KeyboardEvent) => {
    if (event.key === 'Enter') return follow(hit.value);
    if (event.key === 'Escape') {
      hit.value = undefined;
      return;
    }
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const all = (stops.of ??= chart.stops(size));
    if (all.length === 0) return;
    at.current = (at.current + by + all.length) % all.length;
    const [x, y] = all[at.current] as readonly [number, number];
    hit.value = chart.hit?.(x, y, size);
  };
}
