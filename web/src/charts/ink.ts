import { computed } from '@preact/signals';
import { STATUSES, type Status } from '../state/statuses';
import { theme } from '../state/theme';
import { DARK_KINDS, KINDS, sequence } from './colours';

/** The colours of the present theme, for what is painted and not styled. */
export interface Ink {
  readonly ink: string;
  readonly soft: string;
  readonly faint: string;
  readonly line: string;
  readonly strongLine: string;
  readonly grid: string;
  readonly card: string;
  readonly accent: string;
  readonly accentSoft: string;
  readonly best: string;
  readonly ghost: string;
  readonly font: string;
  readonly mono: string;
  readonly status: Readonly<Record<Status, string>>;
  readonly isDark: boolean;
  /** From worst (0) to best (1). */
  scale(share: number): string;
  /** One of few kinds; the ninth has the first one's colour again. */
  kind(place: number): string;
}

export const ink = computed<Ink>(() => {
  const isDark = theme.value === 'dark';
  // The theme's effect may run after this: what is asked for decides, not what was set.
  document.documentElement.dataset.theme = theme.value;
  const style = getComputedStyle(document.documentElement);
  const get = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const status = Object.fromEntries(STATUSES.map((one) => [one, get(one.replace('_', '-'))]));
  return {
    ink: get('ink'),
    soft: get('ink-soft'),
    faint: get('ink-faint'),
    line: get('line'),
    strongLine: get('line-strong'),
    grid: get('grid'),
    card: get('card'),
    accent: get('accent'),
    accentSoft: get('accent-soft'),
    best: get('best'),
    ghost: get('ghost'),
    font: get('font'),
    mono: get('mono'),
    status: { ...(status as Record<Status, string>), paused: get('queued') },
    isDark,
    // On white, the brightest part would not be seen.
    scale: (share) => sequence(isDark ? 0.12 + 0.8 * share : 0.86 * share),
    kind: (place) => (isDark ? DARK_KINDS : KINDS)[place % KINDS.length] as string,
  };
});
