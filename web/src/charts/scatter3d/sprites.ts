import type { Colouring } from '../colouring';
import type { Ink } from '../ink';
import { paintMarks } from '../marks';
import type { Surface } from '../surface';

const SHARPNESS = 3;

/**
 * Dots in the order of their depth, so that neighbours have different colours: a canvas copies a
 * picture of each colour, which is faster than painting every dot anew. Others paint each one.
 */
export function paintSprites(
  surface: Surface,
  order: Int32Array,
  xs: Float64Array,
  ys: Float64Array,
  depths: Float64Array,
  radius: number,
  colouring: Colouring,
  ink: Ink,
): void {
  const size = (i: number) => radius * (1 + 0.35 * (depths[i] as number));
  if (!(surface instanceof CanvasRenderingContext2D)) {
    for (const i of order) {
      const bin = colouring.bins[i] as number;
      surface.fillStyle = surface.strokeStyle = colouring.colour(bin, ink);
      paintMarks(surface, colouring.shape(bin), [i], xs, ys, size(i));
    }
    return;
  }
  const pictures = Array.from({ length: colouring.count }, (_, bin) => sprite(colouring, bin, radius, ink));
  surface.globalAlpha = 0.9;
  for (const i of order) {
    const r = size(i) * 2;
    surface.drawImage(pictures[colouring.bins[i] as number] as HTMLCanvasElement, (xs[i] as number) - r, (ys[i] as number) - r, 2 * r, 2 * r);
  }
  surface.globalAlpha = 1;
}

/** One mark in the middle of a picture that is twice as wide. */
function sprite(colouring: Colouring, bin: number, radius: number, ink: Ink): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.ceil(radius * 4 * SHARPNESS);
  const surface = canvas.getContext('2d') as CanvasRenderingContext2D;
  surface.scale(SHARPNESS, SHARPNESS);
  surface.fillStyle = surface.strokeStyle = colouring.colour(bin, ink);
  paintMarks(surface, colouring.shape(bin), [0], [radius * 2], [radius * 2], radius);
  surface.globalAlpha = 0.5;
  surface.strokeStyle = ink.card;
  surface.lineWidth = 0.6;
  surface.stroke();
  return canvas;
}
