import { axis, extent, finiteSorted, quantileOf, robustExtent, type ScaleKind } from '../scales';
import type { Line } from './lines';

export interface Domain {
  readonly x: [number, number];
  readonly y: [number, number];
}

/** The share of values at either end that may be far out, and how many times what the rest spans is far. */
const RARE = 0.02;
const ROOM = 2;

/** What of the lines is shown before anybody zooms. */
export function domainOf(lines: readonly Line[], scale: ScaleKind): Domain {
  const isLog = scale === 'log';
  const [low, high] = extent(lines.flatMap(({ xs }) => [xs[0] as number, xs.at(-1) as number]));
  const [least, most] = isLog ? extent(joined(lines).filter((y) => y > 0)) : usual(lines);
  const pad = isLog ? 0 : (most - least) * 0.04;
  const y = axis(scale, [least - pad, most + pad], [0, 1]).domain;
  return { x: Number.isNaN(low) ? [0, 1] : [low, high > low ? high : low + 1], y: [...y] };
}

/**
 * All values, unless a few would flatten the rest. Lines that leave what three in four span do not
 * count at all, for what such a line has on its way would be empty room; nor do rare values of others.
 */
function usual(lines: readonly Line[]): [number, number] {
  if (lines.length === 0) return [NaN, NaN];
  const spans = lines.map(({ ys }) => extent(ys));
  const low = quantileOf(finiteSorted(spans.map(([least]) => least)), 0.25);
  const high = quantileOf(finiteSorted(spans.map(([, most]) => most)), 0.75);
  const isNear = (y: number, least: number, most: number) => y >= least - ROOM * (most - least) && y <= most + ROOM * (most - least);
  const staying = lines.filter((_, k) => (spans[k] as [number, number]).every((y) => Number.isNaN(y) || isNear(y, low, high)));
  const values = joined(staying);
  const [least, most] = robustExtent(values, RARE);
  return extent(values.filter((y) => isNear(y, least, most)));
}

function joined(lines: readonly Line[]): Float64Array {
  const found = new Float64Array(lines.reduce((sum, { ys }) => sum + ys.length, 0));
  let at = 0;
  for (const { ys } of lines) {
    found.set(ys, at);
    at += ys.length;
  }
  return found;
}
