import type { Colouring } from '../charts/colouring';
import { STATUS } from '../charts/fields';
import { ink } from '../charts/ink';
import { words } from '../i18n/words';
import { number } from '../state/format';
import { STATUSES } from '../state/statuses';

const SHAPES = { dot: '●', square: '■', diamond: '◆', triangle: '▲', cross: '✕', plus: '✚', ring: '○' } as const;

/** What the colours of a chart stand for: two ends, or each label with its colour and shape. */
export function ColourKey({ colouring }: { colouring: Colouring }) {
  const { field, ends } = colouring;
  const missing = colouring.bins.filter((bin) => bin === 0).length;
  if (ends !== undefined) {
    const isGoal = field.goal !== undefined;
    return (
      <span class="ramp small" title={field.title}>
        {isGoal ? words().worse : number(ends[0])}
        <span class="ramp-colours" />
        {isGoal ? words().better : number(ends[1])}
        {missing > 0 && <span class="faint">∅ {missing}</span>}
      </span>
    );
  }
  const there = new Set(colouring.bins);
  const isStatus = field.key === STATUS;
  return (
    <ul class="swatches small">
      {field.labels.map((label, k) => {
        if (!there.has(k + 1)) return null;
        const text = isStatus ? words()[STATUSES[k] ?? 'queued'] : label;
        return (
          <li key={label} title={text}>
            <span style={{ color: colouring.colour(k + 1, ink.value) }} aria-hidden="true">
              {SHAPES[colouring.shape(k + 1)]}
            </span>
            <span class="clip">{text}</span>
          </li>
        );
      })}
      {missing > 0 && <li class="faint">∅ {missing}</li>}
    </ul>
  );
}
