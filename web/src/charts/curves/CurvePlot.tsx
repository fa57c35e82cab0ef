import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { messages } from '../../i18n/messages';
import { words } from '../../i18n/words';
import { roundDuration } from '../../state/format';
import { cross } from '../axes';
import type { Hit, Size } from '../chart';
import { ink, type Ink } from '../ink';
import { isPainted } from '../painted';
import { axis, timeAxis, wholeAxis } from '../scales';
import { prepare } from '../surface';
import { Tip } from '../Tip';
import type { Curves, Projection } from './chart';
import type { Line } from './lines';

const t = messages(
  {
    keys: 'Up and down go from line to line, the best first; Enter pins one; left and right move, plus and minus zoom, 0 shows all.',
  },
  {
    zh: { keys: '上下键在曲线之间移动(最佳在先),Enter 固定一条;左右键平移,加减键缩放,0 显示全部。' },
    ko: { keys: '위아래 키로 곡선 사이를 이동(최고부터), Enter로 고정, 좌우 키로 이동, 더하기와 빼기로 확대·축소, 0으로 전체 보기.' },
  },
);

const MOVED = 4;

interface CurvePlotProps {
  readonly chart: Curves;
  readonly size: Size;
  readonly label: string;
  readonly onPin: (line: Line) => void;
}

interface Over {
  readonly line: Line;
  readonly i: number;
}

/** The lines of a metric, to be zoomed into, with the one under the pointer told and pinned by a click. */
export function CurvePlot({ chart, size, label, onPin }: CurvePlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLCanvasElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const zoom = useRef<Zoom | undefined>(undefined);
  const over = useSignal<Over | undefined>(undefined);
  const colours = ink.value;
  const { metric } = chart;
  const { scale, over: across } = chart.options;
  useEffect(() => {
    // A zoom means nothing once the axes show something else.
    return () => (zoom.current = undefined);
  }, [metric, scale, across]);
  useEffect(() => {
    if (!host.current) return undefined;
    const made = madePlot(host.current, chart, size, colours, zoom);
    plot.current = made;
    const leave = () => (over.value = undefined);
    const move = (event: MouseEvent) => (over.value = under(made, chart, event));
    let from: readonly [number, number] = [0, 0];
    const begin = (event: MouseEvent) => (from = [event.clientX, event.clientY]);
    // What ends a drag is a click as well.
    const press = (event: MouseEvent) => {
      const isDrag = Math.hypot(event.clientX - from[0], event.clientY - from[1]) > MOVED;
      if (over.value && !isDrag) onPin(over.value.line);
    };
    made.over.addEventListener('mousemove', move);
    made.over.addEventListener('mouseleave', leave);
    made.over.addEventListener('mousedown', begin);
    made.over.addEventListener('click', press);
    return () => made.destroy();
  }, [chart, size.width, size.height, colours]);
  useEffect(() => {
    if (top.current && plot.current) paintOver(top.current, plot.current, chart, size, colours, over.value?.line);
  }, [over.value, chart, size.width, size.height, colours]);
  const hit = plot.current && over.value && hitOf(plot.current, chart, over.value);
  const style = { inlineSize: `${size.width}px`, blockSize: `${size.height}px` };
  return (
    <div
      class="chart-canvas curve-plot"
      style={style}
      tabIndex={0}
      role="group"
      aria-label={`${label}. ${t().keys}`}
      onKeyDown={(event) => plot.current && onKey(event, plot.current, chart, over, onPin)}
    >
      <div ref={host} role="img" aria-label={`${label}: ${chart.summary}`} />
      <canvas ref={top} class="over" style={style} aria-hidden="true" />
      {hit && <Tip hit={hit} size={size} />}
      <span class="visually-hidden" role="status">
        {hit && [hit.title, ...hit.lines].join(', ')}
      </span>
    </div>
  );
}

interface Zoom {
  readonly x: [number, number];
  readonly y: [number, number];
}

function madePlot(host: HTMLElement, chart: Curves, size: Size, ink: Ink, zoom: { current: Zoom | undefined }): uPlot {
  const domain = chart.domain;
  const from = zoom.current ?? domain;
  const { over, scale } = chart.options;
  const asIs = (_: uPlot, low: number, high: number): uPlot.Range.MinMax => [low, high];
  const line = { stroke: ink.grid, width: 1 };
  const font = `11px ${ink.font}`;
  const options: uPlot.Options = {
    ...size,
    legend: { show: false },
    scales: {
      x: { time: false, auto: false, range: asIs, min: from.x[0], max: from.x[1] },
      y: { auto: false, distr: scale === 'log' ? 3 : 1, range: asIs, min: from.y[0], max: from.y[1] },
    },
    axes: [
      { stroke: ink.soft, font, grid: line, ticks: { show: false }, gap: 6, size: 30, splits: ticksOf(over === 'time'), values: (u, splits) => labels(splits, u, 'x', over === 'time' ? roundDuration : undefined) },
      { stroke: ink.soft, font, grid: line, ticks: { show: false }, gap: 8, size: 52, splits: ticksOf(false), values: (u, splits) => labels(splits, u, 'y') },
    ],
    series: [{}, ...chart.raised.map((one) => ({ stroke: chart.colourOf(one, ink), width: 2.2, points: { show: one.xs.length < 80, size: 5 } }))],
    cursor: {
      y: false,
      points: { show: false },
      sync: { key: 'curves', setSeries: false },
      drag: { x: true, y: true, uni: 24 },
      bind: { dblclick: (u) => () => (reset(u, domain), null) },
    },
    hooks: {
      draw: [() => requestAnimationFrame(() => isPainted(chart.name))],
      drawAxes: [(u) => within(u, () => chart.paintAll(u.ctx, projectionOf(u), ink))],
      setScale: [(u) => (zoom.current = zoomOf(u, domain))],
    },
  };
  return new uPlot(options, joined(chart.raised), host);
}

/** Lines over one x, as uPlot wants them; where one has nothing there is a gap that is drawn over. */
function joined(lines: readonly Line[]): uPlot.AlignedData {
  if (lines.length === 0) return [[]];
  const tables = lines.map(({ xs, ys }): uPlot.AlignedData => [deduplicated(xs), Array.from(ys, (y) => (Number.isFinite(y) ? y : null))]);
  return uPlot.join(tables, tables.map((table) => table.map(() => 1 as uPlot.JoinNullMode)));
}

/** Reports at the same moment stand a little apart, for uPlot takes one value at each x. */
function deduplicated(xs: Float64Array): number[] {
  const found: number[] = [];
  for (const x of xs) found.push(found.length > 0 && x <= (found.at(-1) as number) ? (found.at(-1) as number) + 1e-9 : x);
  return found;
}

function labels(splits: number[], u: uPlot, key: 'x' | 'y', write?: (value: number) => string): (string | null)[] {
  const { min, max, distr } = u.scales[key] as uPlot.Scale;
  const plain = axis(distr === 3 ? 'log' : 'linear', [min ?? 0, max ?? 1], [0, 1]);
  return splits.map((split) => (split === null || split === undefined ? null : (write ?? plain.label)(split)));
}

const TICK_GAP = { x: 74, y: 40 } as const;

/** The same ticks as in all other charts; times at moments that people count in. */
function ticksOf(isTime: boolean): uPlot.Axis.Splits {
  return (u, index, low, high) => {
    const most = Math.max(2, Math.floor((index === 0 ? u.width / TICK_GAP.x : u.height / TICK_GAP.y)));
    if (index === 1) return [...axis(u.scales.y?.distr === 3 ? 'log' : 'linear', [low, high], [0, 1]).ticks(most)];
    if (!isTime) return [...wholeAxis([low, high], [0, 1]).ticks(most)];
    const [first = 0, second = 1] = timeAxis(high - low, [0, 1]).ticks(most);
    const step = second - first;
    const from = Math.ceil(low / step);
    return Array.from({ length: Math.max(0, Math.floor(high / step) - from + 1) }, (_, k) => (from + k) * step);
  };
}

function projectionOf(u: uPlot): Projection {
  return { x: (value) => u.valToPos(value, 'x', true), y: positions(u), ratio: devicePixelRatio };
}

/** A log axis has no place for what is not above 0. */
function positions(u: uPlot): (value: number) => number {
  const isLog = u.scales.y?.distr === 3;
  return (value) => (Number.isFinite(value) && (!isLog || value > 0) ? u.valToPos(value, 'y', true) : NaN);
}

function within(u: uPlot, paint: () => void): void {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  u.ctx.beginPath();
  u.ctx.rect(left, top, width, height);
  u.ctx.clip();
  paint();
  u.ctx.restore();
}

function zoomOf(u: uPlot, whole: Zoom): Zoom | undefined {
  const [x, y] = [u.scales.x as uPlot.Scale, u.scales.y as uPlot.Scale];
  if (x.min == null || x.max == null || y.min == null || y.max == null) return undefined;
  const isWhole = x.min === whole.x[0] && x.max === whole.x[1] && y.min === whole.y[0] && y.max === whole.y[1];
  return isWhole ? undefined : { x: [x.min, x.max], y: [y.min, y.max] };
}

function reset(u: uPlot, { x, y }: Zoom): void {
  u.batch(() => {
    u.setScale('x', { min: x[0], max: x[1] });
    u.setScale('y', { min: y[0], max: y[1] });
  });
}

function under(u: uPlot, chart: Curves, event: MouseEvent): Over | undefined {
  const ratio = devicePixelRatio;
  const [x, y] = [event.offsetX * ratio + u.bbox.left, event.offsetY * ratio + u.bbox.top];
  return chart.nearest(x, y, u.posToVal(event.offsetX, 'x'), projectionOf(u));
}

function hitOf(u: uPlot, chart: Curves, { line, i }: Over): Hit {
  const at = projectionOf(u);
  return {
    x: at.x(line.xs[i] as number) / at.ratio,
    y: at.y(line.ys[i] as number) / at.ratio,
    title: words().trialNumber(line.trial),
    lines: chart.said(line, i),
  };
}

function paintOver(canvas: HTMLCanvasElement, u: uPlot, chart: Curves, size: Size, ink: Ink, line: Line | undefined): void {
  const surface = prepare(canvas, size.width, size.height);
  if (!line) return;
  const ratio = devicePixelRatio;
  const device = projectionOf(u);
  const at: Projection = { x: (value) => device.x(value) / ratio, y: (value) => device.y(value) / ratio, ratio: 1 };
  const { left, top, width, height } = u.bbox;
  surface.save();
  surface.beginPath();
  surface.rect(left / ratio, top / ratio, width / ratio, height / ratio);
  surface.clip();
  surface.strokeStyle = ink.card;
  surface.lineWidth = 5;
  chart.paintRaised(surface, line, at, ink);
  surface.strokeStyle = ink.ink;
  surface.lineWidth = 1.2;
  const last = line.xs.length - 1;
  surface.beginPath();
  if (chart.trials.statuses[line.place] === 'stopped') cross(surface, at.x(line.xs[last] as number), at.y(line.ys[last] as number), 4);
  surface.stroke();
  surface.restore();
}

function onKey(event: KeyboardEvent, u: uPlot, chart: Curves, over: { value: Over | undefined }, onPin: (line: Line) => void): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const pan = { ArrowLeft: -0.1, ArrowRight: 0.1 }[event.key];
  const by = { '+': 0.8, '=': 0.8, '-': 1.25 }[event.key];
  if (event.key === 'Enter' && over.value) onPin(over.value.line);
  else if (event.key === 'Escape') over.value = undefined;
  else if (event.key === '0') reset(u, chart.domain);
  else if (step !== undefined) over.value = nextLine(chart, over.value, step);
  else if (pan !== undefined) scaled(u, 1, pan);
  else if (by !== undefined) scaled(u, by, 0);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function nextLine(chart: Curves, over: Over | undefined, step: number): Over | undefined {
  const byPlace = new Map(chart.lines.map((line) => [line.place, line]));
  const ranked = [...chart.trials.ranking].map((place) => byPlace.get(place)).filter((line) => line !== undefined);
  const lines = [...ranked, ...chart.lines.filter((line) => !ranked.includes(line))];
  const at = over ? lines.findIndex(({ place }) => place === over.line.place) : step > 0 ? -1 : 0;
  const line = lines[(at + step + lines.length) % lines.length];
  return line && { line, i: line.xs.length - 1 };
}

function scaled(u: uPlot, by: number, shift: number): void {
  const { min, max } = u.scales.x as uPlot.Scale;
  if (min == null || max == null) return;
  const [middle, half] = [(min + max) / 2 + shift * (max - min), ((max - min) / 2) * by];
  u.setScale('x', { min: middle - half, max: middle + half });
}
