import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { navigate } from '../../state/router';
import type { Hit, Size } from '../chart';
import { ink } from '../ink';
import { isPainted } from '../painted';
import { prepare } from '../surface';
import { Tip } from '../Tip';
import type { Parallel } from './chart';
import { binned, colourOf, layoutOf, paintAxes, paintLines, strength } from './paint';

const AT_ONCE = 20_000;
const PIECE = 900;
const SLICE_MS = 12;

/**
 * The picture in three layers: all trials in grey, which only change with the data; those that are
 * chosen, which change with every brush; the axes and what lies under the pointer.
 */
export function Layers({ chart, size }: { chart: Parallel; size: Size }) {
  const [ghosts, lines, top] = [
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
  ];
  const hit = useSignal<Hit | undefined>(undefined);
  const over = useSignal<number | undefined>(undefined);
  const colours = ink.value;

  // As long as nothing is left out, nobody sees the grey layer.
  const hasGhosts = !chart.isAll;
  useEffect(() => {
    if (!ghosts.current || !hasGhosts) return undefined;
    const places = Array.from(chart.mask, (_, i) => i);
    const alpha = Math.min(0.4, strength(places.length, colours.isDark));
    const surface = prepare(ghosts.current, size.width, size.height);
    return paintSlices(surface, chart, size, alpha, [{ colour: colours.ghost, places }]);
  }, [chart.trials, chart.axes, hasGhosts, size.width, size.height, colours]);

  useEffect(() => {
    if (!lines.current) return undefined;
    const surface = prepare(lines.current, size.width, size.height);
    const bins = binned(chart.shown, chart.shares).map((places, bin) => ({ colour: colourOf(bin, colours), places }));
    return paintSlices(surface, chart, size, strength(chart.shown.length, colours.isDark), bins, () => isPainted(chart.name));
  }, [chart, size.width, size.height, colours]);

  useEffect(() => {
    if (!top.current) return;
    const surface = prepare(top.current, size.width, size.height);
    const layout = layoutOf(chart.axes, size.width, size.height);
    chart.paintBest(surface, size, colours);
    if (over.value !== undefined) {
      surface.strokeStyle = colours.ink;
      surface.lineWidth = 2;
      paintLines(surface, chart.axes, layout, [over.value]);
    }
    paintAxes(surface, chart.axes, layout, colours);
  }, [chart, size.width, size.height, colours, over.value]);

  const onPointerMove = (event: PointerEvent) => {
    over.value = chart.nearest(event.offsetX, event.offsetY, size);
    hit.value = over.value === undefined ? undefined : chart.hit(event.offsetX, event.offsetY, size);
  };
  const onPointerLeave = () => {
    over.value = undefined;
    hit.value = undefined;
  };
  const style = { inlineSize: `${size.width}px`, blockSize: `${size.height}px` };
  return (
    <div
      class="layers"
      style={style}
      data-hit={hit.value !== undefined}
      onPointerMove={onPointerMove}
      onPointerLeave={onPointerLeave}
      onClick={() => hit.value?.href && navigate(hit.value.href)}
    >
      <canvas ref={ghosts} style={{ ...style, opacity: chart.isAll ? 0 : 1 }} aria-hidden="true" />
      <canvas ref={lines} style={style} role="img" aria-label={chart.summary} />
      <canvas ref={top} style={style} aria-hidden="true" />
      {hit.value && <Tip hit={hit.value} size={size} />}
    </div>
  );
}

interface Pile {
  readonly colour: string;
  readonly places: readonly number[];
}

/** Very many lines are painted piece by piece, so that a drag is not held up; what comes back stops it. */
function paintSlices(
  surface: CanvasRenderingContext2D,
  chart: Parallel,
  size: Size,
  alpha: number,
  piles: readonly Pile[],
  done?: () => void,
): () => void {
  const layout = layoutOf(chart.axes, size.width, size.height);
  surface.lineWidth = 1;
  surface.globalAlpha = alpha;
  const all = piles.reduce((sum, { places }) => sum + places.length, 0);
  const piece = all > AT_ONCE ? PIECE : Infinity;
  let [pile, at] = [0, 0];
  let frame = 0;
  const go = () => {
    const began = performance.now();
    while (pile < piles.length) {
      const { colour, places } = piles[pile] as Pile;
      surface.strokeStyle = colour;
      paintLines(surface, chart.axes, layout, piece === Infinity ? places : places.slice(at, at + piece));
      at += piece;
      if (at >= places.length) [pile, at] = [pile + 1, 0];
      if (performance.now() - began > SLICE_MS && piece !== Infinity) {
        frame = requestAnimationFrame(go);
        return;
      }
    }
    done?.();
  };
  frame = requestAnimationFrame(go);
  return () => cancelAnimationFrame(frame);
}
