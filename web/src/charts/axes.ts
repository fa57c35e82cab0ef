import type { Ink } from './ink';
import type { Axis } from './scales';
import type { Surface } from './surface';

/** Room around a plot for its labels, in pixels. */
export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const MARGINS: Margins = { top: 10, right: 14, bottom: 26, left: 48 };

export function paintLeft(surface: Surface, axis: Axis, ink: Ink, from: number, to: number): void {
  surface.font = `11px ${ink.font}`;
  surface.textAlign = 'right';
  surface.textBaseline = 'middle';
  surface.lineWidth = 1;
  for (const tick of axis.ticks(6)) {
    const y = Math.round(axis.at(tick)) + 0.5;
    surface.strokeStyle = ink.grid;
    surface.beginPath();
    surface.moveTo(from, y);
    surface.lineTo(to, y);
    surface.stroke();
    surface.fillStyle = ink.soft;
    surface.fillText(axis.label(tick), from - 8, y);
  }
}

export function paintBottom(
  surface: Surface,
  axis: Axis,
  ink: Ink,
  y: number,
  label: (tick: number) => string = axis.label,
): void {
  surface.font = `11px ${ink.font}`;
  surface.textAlign = 'center';
  surface.textBaseline = 'top';
  surface.fillStyle = ink.soft;
  const room = Math.max(2, Math.floor(Math.abs(axis.range[1] - axis.range[0]) / 72));
  for (const tick of axis.ticks(room)) surface.fillText(label(tick), axis.at(tick), y + 7);
}

/** A cross, as of a trial that was stopped early. */
export function cross(surface: Surface, x: number, y: number, r: number): void {
  surface.moveTo(x - r, y - r);
  surface.lineTo(x + r, y + r);
  surface.moveTo(x - r, y + r);
  surface.lineTo(x + r, y - r);
}

export function dot(surface: Surface, x: number, y: number, r: number): void {
  surface.moveTo(x + r, y);
  surface.arc(x, y, r, 0, 2 * Math.PI);
}
