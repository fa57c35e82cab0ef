import type { Brush, Range } from '../../state/brushes';
import type { ParallelAxis } from './model';

/** What a brush covers of an axis, as places from 0 to 1. */
export function spansOf(axis: ParallelAxis, brush: Brush): readonly Range[] {
  if (axis.kind === 'labels') {
    const half = 0.5 / Math.max(1, axis.labels.length);
    return brush.labels.map((label) => {
      const middle = axis.at(axis.labels.indexOf(label));
      return { low: middle - half, high: middle + half };
    });
  }
  const inside = (place: number) => Math.min(1, Math.max(0, place));
  return brush.ranges.map(({ low, high }) => {
    const ends = [axis.at(low), axis.at(high)].map((place, i) => inside(Number.isFinite(place) ? place : i));
    return { low: Math.min(...ends), high: Math.max(...ends) };
  });
}

const SLACK = 0.01;

/** The brush over these places; at the very ends of the axis a little more, so that nothing there is lost. */
export function brushOf(axis: ParallelAxis, spans: readonly Range[]): Brush | undefined {
  const real = spans.filter(({ low, high }) => high - low > 0.004);
  if (real.length === 0) return undefined;
  if (axis.kind === 'labels') {
    const labels = axis.labels.filter((_, i) => real.some(({ low, high }) => axis.at(i) >= low && axis.at(i) <= high));
    return labels.length > 0 ? { ranges: [], labels } : undefined;
  }
  const ranges = real.map(({ low, high }) => {
    const ends = [low, high].map((place) => axis.valueAt(place));
    const range = { low: Math.min(...ends), high: Math.max(...ends) };
    const isUp = axis.valueAt(1) >= axis.valueAt(0);
    const [atBottom, atTop] = [low <= SLACK, high >= 1 - SLACK];
    if (isUp ? atBottom : atTop) range.low = -Infinity;
    if (isUp ? atTop : atBottom) range.high = Infinity;
    return range;
  });
  return ranges.some(({ low, high }) => low > -Infinity || high < Infinity) ? { ranges, labels: [] } : undefined;
}
