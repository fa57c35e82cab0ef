import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { WORKER, fieldOf, type Field } from '../charts/fields';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { count, number } from '../state/format';
import { brushes, filterText, setBrush, setFilter, type Selection } from '../state/selection';
import type { Brush } from '../state/brushes';
import type { Trials } from '../state/trials';
import { brushName, clauseOf, hasClause, labelSlots, spanSlots, toggled, type Slot } from '../table/facets';

const t = messages(
  {
    title: 'Facets',
    help: 'A click keeps the trials with that value; another click lets all through again.',
    holds: (what: string, kept: string, all: string) => `${what}: ${kept} of ${all} trials`,
    span: (low: string, high: string) => `${low} – ${high}`,
    more: (many: number) => `${many} rarer ones`,
  },
  {
    zh: {
      title: '分面',
      help: '点击可只保留该值的试验;再次点击恢复全部。',
      holds: (what: string, kept: string, all: string) => `${what}:${all} 个试验中的 ${kept} 个`,
      span: (low: string, high: string) => `${low} – ${high}`,
      more: (many: number) => `另有 ${many} 个较少见的值`,
    },
    ko: {
      title: '패싯',
      help: '누르면 그 값을 가진 시행만 남고, 다시 누르면 모두 보입니다.',
      holds: (what: string, kept: string, all: string) => `${what}: 시행 ${all}개 중 ${kept}개`,
      span: (low: string, high: string) => `${low} – ${high}`,
      more: (many: number) => `드문 값 ${many}개 더`,
    },
  },
);

interface FacetsProps {
  readonly trials: Trials;
  readonly fields: readonly Field[];
  readonly kept: Selection;
}

/** Which values the trials have, each with how many have it: a click keeps those. */
export function Facets({ trials, fields, kept }: FacetsProps) {
  const shown = fields.filter((field) => brushName(field) !== undefined);
  const worker = fieldOf(fields, WORKER);
  return (
    <aside class="facets" aria-label={t().title} title={t().help}>
      <TagFacet trials={trials} kept={kept} />
      {worker && <ClauseFacet title={worker.title} name="worker" slots={labelSlots(worker, kept.mask)} />}
      {shown.map((field) => (
        <FieldFacet key={field.key} trials={trials} field={field} mask={kept.mask} />
      ))}
    </aside>
  );
}

function TagFacet({ trials, kept }: { trials: Trials; kept: Selection }) {
  const counts = new Map<string, { all: number; kept: number }>();
  for (const [trial, tags] of trials.tags) {
    const place = trials.place(trial);
    for (const tag of tags) {
      const known = counts.get(tag) ?? { all: 0, kept: 0 };
      counts.set(tag, { all: known.all + 1, kept: known.kept + (place === undefined ? 0 : (kept.mask[place] as number)) });
    }
  }
  const slots = [...counts].map(([label, found]) => ({ label, low: NaN, high: NaN, ...found }));
  return slots.length > 0 ? <ClauseFacet title={words().tags} name="tag" slots={slots.sort((a, b) => b.all - a.all)} /> : null;
}

/** Of what has no axis: a click writes into the filter. */
function ClauseFacet({ title, name, slots }: { title: string; name: string; slots: readonly Slot[] }) {
  return (
    <Facet title={title}>
      <Values
        slots={slots}
        isOn={(slot) => hasClause(filterText.value, clauseOf(name, slot.label))}
        onToggle={(slot) => setFilter(toggled(filterText.peek(), clauseOf(name, slot.label)))}
      />
    </Facet>
  );
}

function FieldFacet({ trials, field, mask }: { trials: Trials; field: Field; mask: Uint8Array }) {
  const name = brushName(field) as string;
  const brush = brushes.value.get(name);
  const isText = trials.parameters.get(name)?.kind === 'codes';
  const slots = useMemo(() => (field.kind === 'labels' ? labelSlots(field, mask) : spanSlots(field, mask)), [field, mask]);
  if (slots.length === 0) return null;
  const isOn = (slot: Slot) =>
    isText ? (brush?.labels.includes(slot.label) ?? false) : (brush?.ranges.some((range) => isSame(range, rangeOf(slot))) ?? false);
  const toggle = (slot: Slot) => setBrush(name, isText ? withLabel(brush, slot.label) : withRange(brush, slot, isOn(slot)));
  return (
    <Facet title={field.title}>
      {field.kind === 'labels' ? <Values slots={slots} isOn={isOn} onToggle={toggle} /> : <Histogram slots={slots} isOn={isOn} onToggle={toggle} />}
    </Facet>
  );
}

function withLabel(brush: Brush | undefined, label: string): Brush | undefined {
  const before = brush?.labels ?? [];
  const labels = before.includes(label) ? before.filter((one) => one !== label) : [...before, label];
  return labels.length > 0 ? { ranges: [], labels } : undefined;
}

function withRange(brush: Brush | undefined, slot: Slot, isOn: boolean): Brush | undefined {
  const wanted = rangeOf(slot);
  const others = (brush?.ranges ?? []).filter((one) => !isSame(one, wanted));
  const ranges = isOn ? others : [...others, wanted];
  return ranges.length > 0 ? { ranges, labels: [] } : undefined;
}

const SLACK = 1e-5;

/** Addresses hold six digits of an end: a single number gets a little room. */
function rangeOf({ low, high }: Slot): { low: number; high: number } {
  return low === high ? { low: low - Math.abs(low) * SLACK, high: high + Math.abs(high) * SLACK } : { low, high };
}

function isSame(one: { low: number; high: number }, other: { low: number; high: number }): boolean {
  const near = (a: number, b: number) => a === b || Math.abs(a - b) <= Math.abs(b) * SLACK;
  return near(one.low, other.low) && near(one.high, other.high);
}

function Facet({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="facet" aria-label={title}>
      <h2 class="clip" title={title}>
        {title}
      </h2>
      {children}
    </section>
  );
}

interface SlotsProps {
  readonly slots: readonly Slot[];
  readonly isOn: (slot: Slot) => boolean;
  readonly onToggle: (slot: Slot) => void;
}

const MOST_VALUES = 8;

function Values({ slots, isOn, onToggle }: SlotsProps) {
  const most = Math.max(...slots.map(({ all }) => all));
  // What is kept stays in sight, also where it is rare.
  const shown = slots.filter((slot, i) => i < MOST_VALUES || isOn(slot));
  return (
    <ul>
      {shown.map((slot) => (
        <li key={slot.label}>
          <button
            type="button"
            class="facet-value"
            aria-pressed={isOn(slot)}
            title={t().holds(slot.label, count(slot.kept), count(slot.all))}
            onClick={() => onToggle(slot)}
            style={{ '--all': slot.all / most, '--kept': slot.kept / most }}
          >
            <span class="clip">{slot.label}</span>{' '}
            <span class="number">{slot.kept === slot.all ? count(slot.all) : `${count(slot.kept)} / ${count(slot.all)}`}</span>
          </button>
        </li>
      ))}
      {slots.length > shown.length && <li class="faint small">{t().more(slots.length - shown.length)}</li>}
    </ul>
  );
}

function Histogram({ slots, isOn, onToggle }: SlotsProps) {
  const most = Math.max(...slots.map(({ all }) => all));
  const [first, last] = [slots[0] as Slot, slots.at(-1) as Slot];
  return (
    <>
      <div class="facet-bars">
        {slots.map((slot) => {
          const said = t().holds(spanOf(slot), count(slot.kept), count(slot.all));
          return (
            <button
              key={slot.low}
              type="button"
              aria-pressed={isOn(slot)}
              aria-label={said}
              title={said}
              disabled={slot.all === 0}
              onClick={() => onToggle(slot)}
              style={{ '--all': slot.all / most, '--kept': slot.kept / most }}
            />
          );
        })}
      </div>
      <p class="facet-ends faint">
        <span>{`< ${number(first.high)}`}</span>
        <span>{`≥ ${number(last.low)}`}</span>
      </p>
    </>
  );
}

function spanOf({ low, high }: Slot): string {
  if (low === -Infinity) return `< ${number(high)}`;
  if (high === Infinity) return `≥ ${number(low)}`;
  return t().span(number(low), number(high));
}
