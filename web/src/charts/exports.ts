import type { Chart, Size, Table } from './chart';
import type { Ink } from './ink';
import { SvgSurface } from './svg';

/** A picture of twice the screen's size, so that it can be printed. */
const SHARPNESS = 2;

export function savePng(chart: Chart, size: Size, ink: Ink): void {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [size.width * SHARPNESS, size.height * SHARPNESS];
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.scale(SHARPNESS, SHARPNESS);
  context.fillStyle = ink.card;
  context.fillRect(0, 0, size.width, size.height);
  chart.paint(context, size, ink);
  canvas.toBlob((blob) => blob && save(blob, `${chart.name}.png`), 'image/png');
}

export function saveSvg(chart: Chart, size: Size, ink: Ink): void {
  save(new Blob([svgOf(chart, size, ink)], { type: 'image/svg+xml' }), `${chart.name}.svg`);
}

export function svgOf(chart: Chart, size: Size, ink: Ink): string {
  const surface = new SvgSurface(size);
  surface.fillStyle = ink.card;
  surface.fillRect(0, 0, size.width, size.height);
  chart.paint(surface, size, ink);
  return surface.toString();
}

export function saveCsv(table: Table, name: string): void {
  save(new Blob([csvOf(table)], { type: 'text/csv' }), `${name}.csv`);
}

/** RFC 4180. A text that a spreadsheet would take for a formula is kept a text. */
export function csvOf(table: Table): string {
  const lines = [table.columns, ...table.rows].map((row) => row.map(field).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function field(cell: string | number | boolean | null): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

