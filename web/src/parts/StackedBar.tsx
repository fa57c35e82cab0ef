import { words } from '../i18n/words';
import { STATUSES, type Status } from '../state/statuses';

interface StackedBarProps {
  readonly counts: Readonly<Partial<Record<Status, number>>>;
  /** How many there are to be in all; what is missing stays empty. */
  readonly of: number | null;
}

/** How many trials stand where, as one line of colours; hatched where they were stopped early. */
export function StackedBar({ counts, of }: StackedBarProps) {
  const shown = STATUSES.filter((status) => (counts[status] ?? 0) > 0);
  const known = shown.reduce((sum, status) => sum + (counts[status] as number), 0);
  const all = Math.max(known, of ?? known, 1);
  const label = shown.map((status) => `${words()[status]} ${counts[status]}`).join(', ') || words().none;
  return (
    <div class="stacked" role="img" aria-label={label} title={label}>
      {order(shown).map((status) => (
        <span key={status} data-status={status} style={{ inlineSize: `${((counts[status] as number) / all) * 100}%` }} />
      ))}
    </div>
  );
}

/** What is done stands first, what goes on after it. */
function order(shown: readonly Status[]): readonly Status[] {
  const rank: Partial<Record<Status, number>> = { completed: 0, exhausted: 0, stopped: 1, running: 8, queued: 9 };
  return [...shown].sort((a, b) => (rank[a] ?? 4) - (rank[b] ?? 4));
}
