import type { Chart, Hit, Size, Table } from './chart';

/** A canvas cannot be read like a page: tests ask what a chart holds and shows here. */
export interface Probe {
  readonly summary: string;
  readonly size: Size;
  readonly facts: Readonly<Record<string, unknown>>;
  table(): Table;
  hit(x: number, y: number): Hit | undefined;
}

declare global {
  var __charts: Record<string, () => Probe> | undefined;
}

/** Makes a chart readable under its name; what comes back ends it. */
export function expose(name: string, chart: () => Chart, size: () => Size): () => void {
  const all = (globalThis.__charts ??= {});
  all[name] = () => {
    const [shown, at] = [chart(), size()];
    return {
      summary: shown.summary,
      size: at,
      facts: shown.probe?.(at) ?? {},
      table: () => shown.table(),
      hit: (x, y) => shown.hit?.(x, y, at),
    };
  };
  return () => {
    delete all[name];
  };
}
