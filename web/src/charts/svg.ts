import type { Size } from './chart';
import type { Surface } from './surface';

/** What `save` keeps and `restore` brings back. */
const STATE = [
  'fillStyle', 'strokeStyle', 'lineWidth', 'globalAlpha', 'font', 'textAlign', 'textBaseline', 'lineCap', 'lineJoin', 'dash', 'moved', 'clipped',
] as const;

type State = Pick<SvgSurface, (typeof STATE)[number]>;

const ANCHORS: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', right: 'end', end: 'end' };
const BASELINES: Partial<Record<CanvasTextBaseline, string>> = {
  middle: 'central',
  top: 'text-before-edge',
  bottom: 'text-after-edge',
};

/** Writes down as SVG what is painted on it. */
export class SvgSurface implements Surface {
  private parts: string[] = [];
  private clips: string[] = [];
  private path = '';
  private saved: State[] = [];
  fillStyle: string | CanvasGradient | CanvasPattern = '#000';
  strokeStyle: string | CanvasGradient | CanvasPattern = '#000';
  lineWidth = 1;
  globalAlpha = 1;
  font = '12px sans-serif';
  textAlign: CanvasTextAlign = 'start';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  lineCap: CanvasLineCap = 'butt';
  lineJoin: CanvasLineJoin = 'miter';
  dash: readonly number[] = [];
  /** The transformation and the clipping, as attributes have them. */
  moved = '';
  clipped = '';
  private readonly ruler = globalThis.document?.createElement('canvas').getContext('2d') ?? null;

  constructor(private readonly size: Size) {}

  toString(): string {
    const { width, height } = this.size;
    const clips = this.clips.length > 0 ? `<defs>${this.clips.join('')}</defs>` : '';
    const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
    return `${head}${clips}${this.parts.join('')}</svg>`;
  }

  // ---------------------------------------------------------------- state

  setLineDash(dash: Iterable<number>): void {
    this.dash = [...dash];
  }
  save(): void {
    this.saved.push(Object.fromEntries(STATE.map((key) => [key, this[key]])) as unknown as State);
  }
  restore(): void {
    Object.assign(this, this.saved.pop());
  }
  translate(x: number, y: number): void {
    this.moved += `translate(${round(x)} ${round(y)})`;
  }
  rotate(angle: number): void {
    this.moved += `rotate(${round((angle * 180) / Math.PI)})`;
  }
  clip(): void {
    const id = `c${this.clips.length}`;
    this.clips.push(`<clipPath id="${id}"><path d="${this.path}"${this.transform()}/></clipPath>`);
    this.clipped = ` clip-path="url(#${id})"`;
  }

  // ---------------------------------------------------------------- paths

  beginPath(): void {
    this.path = '';
  }
  moveTo(x: number, y: number): void {
    this.path += `M${round(x)} ${round(y)}`;
  }
  lineTo(x: number, y: number): void {
    this.path += `${this.path ? 'L' : 'M'}${round(x)} ${round(y)}`;
  }
  quadraticCurveTo(a: number, b: number, x: number, y: number): void {
    this.path += `Q${[a, b, x, y].map(round).join(' ')}`;
  }
  bezierCurveTo(a: number, b: number, c: number, d: number, x: number, y: number): void {
    this.path += `C${[a, b, c, d, x, y].map(round).join(' ')}`;
  }
  closePath(): void {
    this.path += 'Z';
  }
  rect(x: number, y: number, w: number, h: number): void {
    this.path += `M${round(x)} ${round(y)}h${round(w)}v${round(h)}h${round(-w)}Z`;
  }
  arc(x: number, y: number, r: number, from: number, to: number, back = false): void {
    const turn = back ? from - to : to - from;
    const at = (angle: number) => `${round(x + r * Math.cos(angle))} ${round(y + r * Math.sin(angle))}`;
    const sweep = back ? 0 : 1;
    this.path += `${this.path && !this.path.endsWith('Z') ? 'L' : 'M'}${at(from)}`;
    if (turn >= 2 * Math.PI - 1e-6) {
      const half = from + (back ? -Math.PI : Math.PI);
      this.path += `A${round(r)} ${round(r)} 0 1 ${sweep} ${at(half)}A${round(r)} ${round(r)} 0 1 ${sweep} ${at(from)}Z`;
    } else {
      this.path += `A${round(r)} ${round(r)} 0 ${turn > Math.PI ? 1 : 0} ${sweep} ${at(to)}`;
    }
  }

  // ---------------------------------------------------------------- marks

  fill(): void {
    this.parts.push(`<path d="${this.path}" fill="${safe(String(this.fillStyle))}"${this.common()}/>`);
  }
  stroke(): void {
    this.parts.push(`<path d="${this.path}" fill="none"${this.strokes()}${this.common()}/>`);
  }
  fillRect(x: number, y: number, w: number, h: number): void {
    this.parts.push(`<rect${box(x, y, w, h)} fill="${safe(String(this.fillStyle))}"${this.common()}/>`);
  }
  strokeRect(x: number, y: number, w: number, h: number): void {
    this.parts.push(`<rect${box(x, y, w, h)} fill="none"${this.strokes()}${this.common()}/>`);
  }
  fillText(text: string, x: number, y: number): void {
    const anchor = ANCHORS[this.textAlign] ?? 'start';
    const base = BASELINES[this.textBaseline] ?? 'auto';
    const place = ` x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" dominant-baseline="${base}"`;
    const style = ` style="font:${safe(this.font)}" fill="${safe(String(this.fillStyle))}"`;
    this.parts.push(`<text${place}${style}${this.common()}>${safe(text)}</text>`);
  }
  measureText(text: string): TextMetrics {
    if (this.ruler === null) return { width: text.length * 6.5 } as TextMetrics;
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }

  private strokes(): string {
    const { strokeStyle, lineWidth, lineCap, lineJoin, dash } = this;
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.map(round).join(' ')}"` : '';
    return ` stroke="${safe(String(strokeStyle))}" stroke-width="${round(lineWidth)}" stroke-linecap="${lineCap}" stroke-linejoin="${lineJoin}"${dashes}`;
  }
  private common(): string {
    const { globalAlpha, clipped } = this;
    return `${globalAlpha < 1 ? ` opacity="${round(globalAlpha)}"` : ''}${this.transform()}${clipped}`;
  }
  private transform(): string {
    return this.moved && ` transform="${this.moved}"`;
  }
}

function box(x: number, y: number, w: number, h: number): string {
  return ` x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}"`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function safe(text: string): string {
  // Control characters are no part of XML at all, not even escaped.
  return text.replace(/[&<>"]/g, (letter) => ESCAPES[letter] as string).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd');
}
