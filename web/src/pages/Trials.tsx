import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { fieldOf, fieldsOf, type Field } from '../charts/fields';
import { chooseTrials, chosenTrials } from '../charts/view';
import { messages } from '../i18n/messages';
import { Empty, Skeleton } from '../parts/Calm';
import { StatusToggles } from '../parts/ChartBar';
import { BrushChips, FilterField } from '../parts/FilterBar';
import { Facets } from '../parts/Facets';
import { NoneLeft } from '../parts/NoneLeft';
import { TrialCards, TrialGrid } from '../parts/TrialGrid';
import { toggleStar } from '../parts/StarButton';
import { ShownCount, TableTools } from '../parts/TableTools';
import { now } from '../state/clock';
import { useJob, type Spec } from '../state/job';
import { isNarrow } from '../state/media';
import { jobAddress, navigate, place, query, setQuery } from '../state/router';
import type { Selection } from '../state/selection';
import { useShortcuts } from '../state/shortcuts';
import type { Trials as Sheet } from '../state/trials';
import { compareAddress, MOST_COMPARED } from '../table/compared';
import { orderedFields, shownFields } from '../table/columns';
import { readSort, writeSort } from '../table/order';
import { useOrder } from '../table/useOrder';
import { viewOf } from '../table/views';

const t = messages(
  {
    title: 'Trials',
    choices: 'What the table shows',
    facets: 'Facets',
    none: 'No trial yet',
    noneHelp: 'The first one appears here as soon as it is suggested.',
    next: 'Next trial',
    previous: 'Previous trial',
    choose: 'Choose the trial',
    star: 'Star the trial',
    open: 'Open the trial',
    compare: 'Compare the chosen trials',
    filter: 'Go to the filter',
    waiting: (count: number) => (count === 1 ? '1 new trial ↑' : `${count} new trials ↑`),
    sortAnew: 'Results have changed: sort again',
  },
  {
    zh: {
      title: '试验',
      choices: '表格显示的内容',
      facets: '分面',
      none: '还没有试验',
      noneHelp: '第一个试验被建议后会出现在这里。',
      next: '下一个试验',
      previous: '上一个试验',
      choose: '选择试验',
      star: '给试验加星标',
      open: '打开试验',
      compare: '比较所选试验',
      filter: '转到筛选',
      waiting: (count: number) => `${count} 个新试验 ↑`,
      sortAnew: '结果有变化:重新排序',
    },
    ko: {
      title: '시행',
      choices: '표에 표시할 내용',
      facets: '패싯',
      none: '아직 시행이 없습니다',
      noneHelp: '첫 시행이 제안되면 여기에 나타납니다.',
      next: '다음 시행',
      previous: '이전 시행',
      choose: '시행 선택',
      star: '시행에 별표',
      open: '시행 열기',
      compare: '선택한 시행 비교',
      filter: '필터로 이동',
      waiting: (count: number) => `새 시행 ${count}개 ↑`,
      sortAnew: '결과가 바뀌었습니다: 다시 정렬',
    },
  },
);

/** All trials of a job as a table: filtered, sorted and chosen from as the address says. */
export default function Trials() {
  const { trials, spec, selection } = useJob();
  const [sheet, asked, kept] = [trials.value, spec.value, selection.value];
  if (!sheet || !asked || !kept) return <Skeleton height={420} lines={2} />;
  if (sheet.count === 0) {
    return (
      <Empty title={t().none}>
        <p>{t().noneHelp}</p>
      </Empty>
    );
  }
  return <Table trials={sheet} spec={asked} kept={kept} />;
}

const [DENSE, ROOMY] = [28, 36];

function Table({ trials, spec, kept }: { trials: Sheet; spec: Spec; kept: Selection }) {
  const fields = useMemo(() => orderedFields(fieldsOf(trials, spec.parameters, now.peek())), [trials, spec]);
  const columns = query.value.get('cols');
  const shown = useMemo(() => shownFields(fields, columns), [fields, columns]);
  const sort = readSort(query.value.get('sort'), trials.goal);
  const reading = useReading();
  const { isRead } = reading;
  const box = useRef<HTMLDivElement>(null);
  const key = viewOf(place.value.search);
  const order = useOrder(trials, kept.mask, fieldOf(fields, sort.key), sort, key, isRead);
  const { places } = order;
  const cursor = useCursor(trials, places);
  const numberAt = (row: number) => trials.number[places[row] as number] as number;
  const open = (number: number) => navigate(jobAddress(trials.job, 'trials', number));
  useTableKeys({ cursor, count: places.length, box, numberAt, open, job: trials.job });
  const hasFacets = query.value.get('facets') === '1';
  const renew = () => {
    order.renew();
    if (box.current) box.current.scrollTop = 0;
  };
  const shared = {
    trials,
    fields: shown,
    places,
    chosen: chosenTrials.value,
    cursor: cursor.row,
    onCursor: cursor.move,
    onChoose: toggle,
    onOpen: open,
  };
  return (
    <section class="card trials" aria-label={t().title}>
      <div class="trials-bar" role="group" aria-label={t().choices}>
        <FilterField />
        <button type="button" class="button" aria-pressed={hasFacets} onClick={() => setQuery({ facets: hasFacets ? null : '1' })}>
          {t().facets}
        </button>
        <StatusToggles trials={trials} />
        <TableTools trials={trials} fields={fields} shown={shown} places={places} />
      </div>
      <BrushChips />
      <div class="row trials-count">
        <ShownCount trials={trials} kept={kept} />
        {(order.waiting > 0 || order.isOld) && (
          <button type="button" class="button small primary" onClick={renew}>
            {order.waiting > 0 ? t().waiting(order.waiting) : t().sortAnew}
          </button>
        )}
      </div>
      <div class={hasFacets ? 'with-facets' : ''}>
        {hasFacets && <Facets trials={trials} fields={fields} kept={kept} />}
        {kept.count === 0 ? (
          <NoneLeft />
        ) : (
          <div class="rows" onPointerEnter={reading.begin} onPointerLeave={() => reading.end(box.current)} onScrollCapture={reading.begin}>
            {isNarrow.value ? (
              <TrialCards box={box} {...shared} />
            ) : (
              <TrialGrid
                box={box}
                {...shared}
                sort={sort}
                onSort={(field) => sortBy(field, sort)}
                rowHeight={query.value.get('dense') === '1' ? DENSE : ROOMY}
              />
            )}
          </div>
        )}
      </div>
    </section>
  );
}

/** On the way to the button that brings new trials, they must not come by themselves. */
const AFTER_MS = 2000;

/** Whether somebody reads the rows: a pointer is or just was over them, or they were scrolled. */
function useReading() {
  const isRead = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const begin = () => {
    clearTimeout(timer.current);
    isRead.value = true;
  };
  const end = (box: HTMLElement | null) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => (isRead.value = (box?.scrollTop ?? 0) > 0), AFTER_MS);
  };
  return { isRead: isRead.value, begin, end };
}

function sortBy(field: Field, now: { key: string; isDown: boolean }): void {
  setQuery({ sort: writeSort({ key: field.key, isDown: now.key === field.key && !now.isDown }) });
}

function toggle(number: number): void {
  const next = new Set(chosenTrials.peek());
  if (!next.delete(number)) next.add(number);
  chooseTrials(next);
}

interface Cursor {
  readonly row: number;
  readonly move: (row: number) => void;
}

/** The row that the keys act on: it stays with its trial while rows come and go around it. */
function useCursor(trials: Sheet, places: Int32Array): Cursor {
  const at = useSignal<number | undefined>(undefined);
  const wanted = at.value === undefined ? undefined : trials.place(at.value);
  const row = useMemo(() => (wanted === undefined ? -1 : places.indexOf(wanted)), [places, wanted]);
  return { row, move: (to) => (at.value = trials.number[places[to] as number]) };
}

interface KeyProps {
  readonly cursor: Cursor;
  readonly count: number;
  readonly box: { readonly current: HTMLElement | null };
  readonly numberAt: (row: number) => number;
  readonly open: (number: number) => void;
  readonly job: string;
}

function useTableKeys({ cursor, count, box, numberAt, open, job }: KeyProps): void {
  const model = useJob();
  const step = (by: number) => () => {
    if (count === 0) return;
    cursor.move(Math.min(count - 1, Math.max(0, cursor.row + by)));
    box.current?.focus({ preventScroll: true });
  };
  const onRow = (run: (number: number) => void) => () => cursor.row >= 0 && run(numberAt(cursor.row));
  useShortcuts([
    { key: 'j', says: () => t().next, run: step(1) },
    { key: 'k', says: () => t().previous, run: step(-1) },
    { key: 'x', says: () => t().choose, run: onRow(toggle) },
    { key: 's', says: () => t().star, run: onRow((number) => void toggleStar(model, number)) },
    { key: 'Enter', says: () => t().open, run: (event) => pressed(event) || onRow(open)() },
    { key: 'c', says: () => t().compare, run: () => compare(job) },
    { key: 'f', says: () => t().filter, run: () => document.getElementById('filter')?.focus() },
  ]);
}

/** Enter on a button or a link is that button's or link's. */
function pressed(event: KeyboardEvent): boolean {
  const found = event.target instanceof Element ? event.target.closest<HTMLElement>('a, button, summary') : null;
  found?.click();
  return found !== null;
}

function compare(job: string): void {
  const chosen = [...chosenTrials.peek()];
  if (chosen.length > 1) navigate(compareAddress(chosen.slice(0, MOST_COMPARED).map((number) => ({ job, number }))));
}
