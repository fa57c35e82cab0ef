import type { Hit, Size } from './chart';
import type { Ink } from './ink';
import type { Places } from './places';
import type { Surface } from './surface';

/** Where the plot itself lies within a picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const TICK_GAP = { x: 76, narrow: 48, y: 42, label: 20 } as const;
const NARROW = 320;
/** How far beyond the axis trials stand that have no value on it. */
export const RAIL = 13;

export function boxOf(size: Size, isWide = true): Box {
  return { left: isWide ? 76 : 52, top: 12, right: size.width - 14, bottom: size.height - 56 };
}

/** Lines, ticks and titles of both axes. */
export function paintPlot(surface: Surface, box: Box, x: Places, y: Places, ink: Ink): void {
  surface.font = `11px ${ink.font}`;
  surface.lineWidth = 1;
  surface.globalAlpha = 1;
  paintX(surface, box, x, ink);
  paintY(surface, box, y, ink);
  surface.font = `600 12px ${ink.font}`;
  surface.textBaseline = 'alphabetic';
  surface.textAlign = 'center';
  surface.fillStyle = x.field.goal ? ink.best : ink.ink;
  const width = box.right - box.left;
  surface.fillText(clipped(surface, titleOf(x), width), (box.left + box.right) / 2, box.bottom + 46);
  surface.save();
  surface.translate(14, (box.top + box.bottom) / 2);
  surface.rotate(-Math.PI / 2);
  surface.fillStyle = y.field.goal ? ink.best : ink.ink;
  surface.fillText(clipped(surface, titleOf(y), box.bottom - box.top), 0, 0);
  surface.restore();
}

export function titleOf({ field }: Places): string {
  if (!field.goal) return field.title;
  return `${field.title} ${field.goal === 'minimize' ? '↓' : '↑'}`;
}

export function paintX(surface: Surface, box: Box, x: Places, ink: Ink): void {
  const gap = x.field.kind === 'labels' ? TICK_GAP.label * 1.6 : box.right - box.left < NARROW ? TICK_GAP.narrow : TICK_GAP.x;
  const most = Math.max(2, Math.floor((box.right - box.left) / gap));
  const ticks = x.ticks(most);
  const room = (box.right - box.left) / Math.max(1, ticks.length) - 6;
  surface.textAlign = 'center';
  surface.textBaseline = 'top';
  for (const { at, label } of ticks) {
    surface.strokeStyle = ink.grid;
    line(surface, Math.round(at) + 0.5, box.top, Math.round(at) + 0.5, box.bottom);
    surface.fillStyle = ink.soft;
    surface.fillText(clipped(surface, label, Math.max(26, room)), at, box.bottom + RAIL + 6);
  }
}

export function paintY(surface: Surface, box: Box, y: Places, ink: Ink): void {
  const gap = y.field.kind === 'labels' ? TICK_GAP.label : TICK_GAP.y;
  surface.textAlign = 'right';
  surface.textBaseline = 'middle';
  for (const { at, label } of y.ticks(Math.max(2, Math.floor((box.bottom - box.top) / gap)))) {
    surface.strokeStyle = ink.grid;
    line(surface, box.left, Math.round(at) + 0.5, box.right, Math.round(at) + 0.5);
    surface.fillStyle = ink.soft;
    surface.fillText(clipped(surface, label, box.left - RAIL - 20), box.left - RAIL - 5, at);
  }
}

/** How many trials stand beside an axis because they have no value on it. */
export function paintRails(surface: Surface, box: Box, missing: { x: number; y: number }, ink: Ink): void {
  surface.font = `10.5px ${ink.font}`;
  surface.fillStyle = ink.soft;
  surface.textBaseline = 'middle';
  if (missing.y > 0) {
    surface.textAlign = 'right';
    surface.fillText(`∅ ${missing.y}`, box.left - RAIL - 5, box.bottom + RAIL - 4);
  }
  if (missing.x > 0) {
    surface.textAlign = 'left';
    surface.fillText(`∅ ${missing.x}`, box.left - RAIL - 4, box.top - 5);
  }
}

function line(surface: Surface, x0: number, y0: number, x1: number, y1: number): void {
  surface.beginPath();
  surface.moveTo(x0, y0);
  surface.lineTo(x1, y1);
  surface.stroke();
}

/** What of a text fits; the whole of it stands in the table. */
export function clipped(surface: Surface, text: string, width: number): string {
  if (surface.measureText(text).width <= width) return text;
  const letters = [...text];
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (surface.measureText(`${letters.slice(0, middle).join('')}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join('')}…`;
}

/** A label beside an axis, which may have been cut, in full. */
export function labelHit(box: Box, x: Places, y: Places, px: number, py: number): Hit | undefined {
  const isBelow = py > box.bottom + RAIL && px >= box.left && px <= box.right;
  const isBeside = px < box.left - RAIL && py >= box.top && py <= box.bottom;
  if (!isBelow && !isBeside) return undefined;
  const { field } = isBelow ? x : y;
  if (field.kind !== 'labels') return { x: px, y: py, title: field.title, lines: [] };
  const at = Math.round(isBelow ? x.valueAt(px) : y.valueAt(py));
  const label = field.labels[at];
  return label === undefined ? undefined : { x: px, y: py, title: label, lines: [field.title] };
}
