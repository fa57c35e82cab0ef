import { exampleFilter } from '../filter/example';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { number } from '../state/format';
import { useJob } from '../state/job';
import { brushes, clearSelection, filterText, setBrush, setFilter } from '../state/selection';
import { OBJECTIVE, type Brush } from '../state/brushes';
import { useTyped } from '../state/typed';

const t = messages(
  {
    filter: 'Filter',
    hint: (example: string) => `e.g. ${example}`,
    remove: (name: string) => `Remove the range of ${name}`,
    at: (column: number) => `column ${column}`,
  },
  {
    zh: {
      filter: '筛选',
      hint: (example: string) => `例如 ${example}`,
      remove: (name: string) => `移除 ${name} 的范围`,
      at: (column: number) => `第 ${column} 列`,
    },
    ko: {
      filter: '필터',
      hint: (example: string) => `예: ${example}`,
      remove: (name: string) => `${name} 범위 제거`,
      at: (column: number) => `${column}열`,
    },
  },
);

const TYPING_MS = 200;

/** The one filter of all views, as text. */
export function FilterField() {
  const { selection, trials } = useJob();
  const typed = useTyped(filterText, send, TYPING_MS);
  const error = selection.value?.error;
  const example = trials.value && exampleFilter(trials.value);
  return (
    <div class="filter">
      <input
        type="search"
        id="filter"
        class="mono"
        aria-label={t().filter}
        aria-invalid={error !== undefined}
        aria-describedby="filter-error"
        placeholder={example === undefined ? t().filter : t().hint(example)}
        spellcheck={false}
        autocomplete="off"
        value={typed.value}
        onInput={(event) => typed.type(event.currentTarget.value)}
        onChange={typed.flush}
      />
      {error && typed.value === filterText.value && (
        <span class="filter-caret mono" style={{ '--column': error.column - 1 }} aria-hidden="true">
          ▲
        </span>
      )}
      <p id="filter-error" class="problem small" role="status">
        {error && `${t().at(error.column)}: ${error.message}`}
      </p>
    </div>
  );
}

function send(text: string): void {
  if (text.trim() !== filterText.peek()) setFilter(text);
}

/** The ranges that are drawn on axes, each with a way to take it off. */
export function BrushChips() {
  const { trials } = useJob();
  const all = [...brushes.value];
  if (all.length === 0) return null;
  return (
    <div class="row">
      {all.map(([name, brush]) => {
        const title = name === OBJECTIVE ? (trials.value?.metric ?? name) : name;
        return (
          <span class="chip" key={name}>
            {title} <b>{said(brush)}</b>
            <button type="button" aria-label={t().remove(title)} onClick={() => setBrush(name, undefined)}>
              ×
            </button>
          </span>
        );
      })}
      <button type="button" class="button small" onClick={clearSelection}>
        {words().clear}
      </button>
    </div>
  );
}

export function said(brush: Brush): string {
  const ends = brush.ranges.map(({ low, high }) => {
    if (low === -Infinity) return `≤ ${number(high)}`;
    if (high === Infinity) return `≥ ${number(low)}`;
    return `${number(low)} – ${number(high)}`;
  });
  return [...ends, ...brush.labels].join(', ');
}
