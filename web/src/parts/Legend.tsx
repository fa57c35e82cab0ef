import type { ComponentChildren } from 'preact';

export interface LegendItem {
  /** A status, or `best`, `rail`, `above` or `below`: it says colour and shape. */
  readonly key: string;
  readonly text: ComponentChildren;
}

const SHAPES: Readonly<Record<string, string>> = { stopped: '✕', failed: '✕', no_metric: '✕', rail: '┃', above: '▲', below: '▼', best: '━' };

/** What the marks of a chart mean, by shape as well as by colour. */
export function Legend({ items }: { items: readonly LegendItem[] }) {
  return (
    <span class="legend">
      {items.map(({ key, text }) => (
        <span key={key}>
          <span class="legend-mark" data-status={key} aria-hidden="true">
            {SHAPES[key] ?? '●'}
          </span>
          {text}
        </span>
      ))}
    </span>
  );
}
