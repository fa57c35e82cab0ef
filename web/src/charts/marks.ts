import { dot } from './axes';
import type { Surface } from './surface';

/** Shapes that are told apart without colour. The first three are filled. */
export const SHAPES = ['dot', 'square', 'diamond', 'triangle', 'cross', 'plus', 'ring'] as const;
export type Shape = (typeof SHAPES)[number];
/** A triangle that points down stands for no kind: it says where something is. */
type Mark = Shape | 'triangle_down';

/** A path of very many parts takes a canvas longer than several of a few. */
const PER_PATH = 200;

const LINES: ReadonlySet<Mark> = new Set(['cross', 'plus', 'ring']);

/** Paints one shape at many places in the present colour; `xs` and `ys` are pixels. */
export function paintMarks(
  surface: Surface,
  shape: Mark,
  places: readonly number[],
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  radius: number | ((i: number) => number),
): void {
  const of = typeof radius === 'number' ? () => radius : radius;
  surface.lineWidth = 1.3;
  for (let from = 0; from < places.length; from += PER_PATH) {
    surface.beginPath();
    const to = Math.min(places.length, from + PER_PATH);
    for (let k = from; k < to; k++) {
      const i = places[k] as number;
      trace(surface, shape, xs[i] as number, ys[i] as number, of(i));
    }
    if (LINES.has(shape)) surface.stroke();
    else surface.fill();
  }
}

function trace(surface: Surface, shape: Mark, x: number, y: number, r: number): void {
  switch (shape) {
    case 'dot':
    case 'ring':
      return dot(surface, x, y, r);
    case 'square':
      return surface.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
    case 'diamond':
      return polygon(surface, [x, y - r * 1.25], [x + r * 1.25, y], [x, y + r * 1.25], [x - r * 1.25, y]);
    case 'triangle':
      return polygon(surface, [x, y - r * 1.2], [x + r * 1.15, y + r * 0.9], [x - r * 1.15, y + r * 0.9]);
    case 'triangle_down':
      return polygon(surface, [x, y + r * 1.2], [x - r * 1.15, y - r * 0.9], [x + r * 1.15, y - r * 0.9]);
    case 'cross':
      surface.moveTo(x - r, y - r);
      surface.lineTo(x + r, y + r);
      surface.moveTo(x - r, y + r);
      surface.lineTo(x + r, y - r);
      return;
    case 'plus':
      surface.moveTo(x - r * 1.2, y);
      surface.lineTo(x + r * 1.2, y);
      surface.moveTo(x, y - r * 1.2);
      surface.lineTo(x, y + r * 1.2);
  }
}

function polygon(surface: Surface, first: readonly [number, number], ...rest: readonly (readonly [number, number])[]): void {
  surface.moveTo(first[0], first[1]);
  for (const [x, y] of rest) surface.lineTo(x, y);
  surface.closePath();
}
