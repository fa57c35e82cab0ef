import type { Ink } from './ink';
import type { Surface } from './surface';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Cell = string | number | boolean | null;

/** The same data as words and numbers: for those who do not see the picture, and for CSV. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What lies under the pointer. */
export interface Hit {
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly lines: readonly string[];
  /** Where a click leads. */
  readonly href?: string;
}

/**
 * A picture of data. It paints onto anything that takes strokes, so that what is on the screen, in a
 * PNG and in an SVG is the same. `ChartFrame` shows one with its table, its exports and its summary.
 */
export interface Chart {
  /** Names the files of exports, and the chart in `window.__charts`. */
  readonly name: string;
  /** What there is to be seen, in one sentence. */
  readonly summary: string;
  paint(surface: Surface, size: Size, ink: Ink): void;
  table(): Table;
  hit?(x: number, y: number, size: Size): Hit | undefined;
  /** Facts for tests: what was painted and where. */
  probe?(size: Size): Readonly<Record<string, unknown>>;
}
