import type { Places } from '../places';
import type { Box } from '../plot';
import type { Surface } from '../surface';

const BINS = 32;
const HEIGHT = 24;

/** How many of these trials stand in each part of an axis, from its beginning to its end. */
export function histogram(places: Places, trials: readonly number[]): Float64Array {
  const found = new Float64Array(BINS);
  for (const i of trials) {
    const share = places.share(i);
    if (Number.isNaN(share)) continue;
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(share * BINS)));
    found[bin] = (found[bin] as number) + 1;
  }
  return found;
}

export function paintAbove(surface: Surface, box: Box, counts: Float64Array, floor: number): void {
  const step = (box.right - box.left) / BINS;
  const most = Math.max(1, ...counts);
  for (const [k, count] of counts.entries()) {
    const height = (count / most) * HEIGHT;
    if (count > 0) surface.fillRect(box.left + k * step + 0.5, floor - height, step - 1, height);
  }
}

export function paintBeside(surface: Surface, box: Box, counts: Float64Array, from: number): void {
  const step = (box.bottom - box.top) / BINS;
  const most = Math.max(1, ...counts);
  for (const [k, count] of counts.entries()) {
    const width = (count / most) * HEIGHT;
    if (count > 0) surface.fillRect(from, box.bottom - (k + 1) * step + 0.5, width, step - 1);
  }
}
