import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { isNumberField, textOf, widthOf } from '../table/columns';
import type { Sort } from '../table/order';
import { OBJECTIVE } from '../state/brushes';
import { DURATION, STATUS, TRIAL, type Field } from '../charts/fields';
import { messages } from '../i18n/messages';
import { now } from '../state/clock';
import { jobAddress } from '../state/router';
import type { Trials } from '../state/trials';
import { StarButton } from './StarButton';
import { StatusMark } from './StatusMark';

const t = messages(
  {
    label: 'Trials of the job',
    choose: (number: number) => `Choose trial ${number}`,
    chosen: 'Chosen',
    best: 'The best one',
  },
  {
    zh: { label: '任务的试验', choose: (number: number) => `选择试验 ${number}`, chosen: '已选择', best: '最佳' },
    ko: { label: '작업의 시행', choose: (number: number) => `시행 ${number} 선택`, chosen: '선택됨', best: '최고' },
  },
);

export interface GridProps {
  readonly trials: Trials;
  readonly fields: readonly Field[];
  readonly places: Int32Array;
  readonly chosen: ReadonlySet<number>;
  /** The row that the keys act on. */
  readonly cursor: number;
  readonly onCursor: (row: number) => void;
  readonly onChoose: (number: number) => void;
  readonly onOpen: (number: number) => void;
}

interface TableProps extends GridProps {
  readonly sort: Sort;
  readonly onSort: (field: Field) => void;
  readonly rowHeight: number;
}

const CHECK = 64;
const SPARE = 6;

/** Rows of one height, of which only those in sight exist. */
export function TrialGrid(props: TableProps & { box: RefObject<HTMLDivElement | null> }) {
  const { trials, fields, places, cursor, rowHeight, box } = props;
  const [from, to] = useWindow(box, places.length, rowHeight);
  useShown(box, cursor, rowHeight, rowHeight);
  const widths = useMemo(() => fields.map(widthOf), [fields]);
  const columns = `${CHECK}px ${widths.map((width) => `minmax(${width}px, ${width}fr)`).join(' ')}`;
  const width = CHECK + widths.reduce((sum, one) => sum + one, 0);
  return (
    <div
      ref={box}
      class="grid"
      role="grid"
      aria-label={t().label}
      aria-rowcount={places.length + 1}
      aria-colcount={fields.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={cursor >= from && cursor < to ? `row-${cursor}` : undefined}
      tabIndex={0}
      onKeyDown={(event) => onKey(event, props)}
      style={{ '--row': `${rowHeight}px`, '--columns': columns, '--width': `${width}px` }}
    >
      <Head {...props} />
      <div role="rowgroup" class="grid-body" style={{ blockSize: `${places.length * rowHeight}px` }}>
        {Array.from({ length: to - from }, (_, k) => (
          <Row key={(from + k) % (to - from)} {...props} row={from + k} place={places[from + k] as number} trials={trials} />
        ))}
      </div>
    </div>
  );
}

function Head({ fields, sort, onSort }: TableProps) {
  return (
    <div role="rowgroup" class="grid-head">
      <div role="row" class="grid-row" aria-rowindex={1}>
        <span role="columnheader" aria-colindex={1}>
          <span class="visually-hidden">{t().chosen}</span>
        </span>
        {fields.map((field, k) => {
          const isSorted = sort.key === field.key;
          return (
            <span
              key={field.key}
              role="columnheader"
              aria-colindex={k + 2}
              aria-sort={isSorted ? (sort.isDown ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" class="grid-sort" data-number={isNumeric(field)} title={field.title} tabIndex={-1} onClick={() => onSort(field)}>
                <span class="clip">{field.title}</span>
                {isSorted && <span aria-hidden="true">{sort.isDown ? '↓' : '↑'}</span>}
              </button>
            </span>
          );
        })}
      </div>
    </div>
  );
}

interface RowProps extends GridProps {
  readonly row: number;
  readonly place: number;
}

function Row({ trials, fields, chosen, cursor, row, place, onCursor, onChoose, onOpen }: RowProps) {
  const number = trials.number[place] as number;
  const isChosen = chosen.has(number);
  const isBest = place === trials.best;
  return (
    <div
      id={`row-${row}`}
      role="row"
      class="grid-row"
      aria-rowindex={row + 2}
      aria-selected={isChosen}
      data-best={isBest || undefined}
      data-cursor={cursor === row || undefined}
      data-trial={number}
      style={{ transform: `translateY(calc(${row} * var(--row)))` }}
      onClick={() => onCursor(row)}
      onDblClick={() => onOpen(number)}
    >
      <span role="gridcell" aria-colindex={1} class="grid-check">
        <input type="checkbox" tabIndex={-1} aria-label={t().choose(number)} checked={isChosen} onChange={() => onChoose(number)} />
        <StarButton number={number} isInGrid />
      </span>
      {fields.map((field, k) => (
        <span key={field.key} role="gridcell" aria-colindex={k + 2} class="clip" data-number={isNumeric(field)}>
          <Cell trials={trials} field={field} place={place} isBest={isBest} />
        </span>
      ))}
    </div>
  );
}

export function Cell({ trials, field, place, isBest }: { trials: Trials; field: Field; place: number; isBest: boolean }) {
  if (field.key === STATUS) return <StatusMark status={trials.statuses[place] ?? 'queued'} />;
  if (field.key === TRIAL) return <TrialLink trials={trials} place={place} isBest={isBest} />;
  // Only what runs on has to be written anew each second.
  const at = field.key === DURATION && Number.isNaN(trials.ended[place]) ? now.value : 0;
  const text = textOf(trials, field, place, at);
  if (field.key === OBJECTIVE) return <b class={isBest ? 'objective' : ''}>{text}</b>;
  const full = field.kind === 'labels' ? text : String(field.values[place]);
  return (
    <span class={text === '—' ? 'faint' : ''} title={text === '—' || field.key === DURATION ? undefined : full}>
      {text}
    </span>
  );
}

function TrialLink({ trials, place, isBest }: { trials: Trials; place: number; isBest: boolean }) {
  const number = trials.number[place] as number;
  return (
    <a class="trial-link" href={jobAddress(trials.job, 'trials', number)} tabIndex={-1}>
      #{number}
      {isBest && (
        <span class="star" role="img" aria-label={t().best}>
          {' '}
          ★
        </span>
      )}
    </a>
  );
}

/** The same rows on a telephone: what counts of each on a card of its own. */
export function TrialCards({ box, ...props }: GridProps & { box: RefObject<HTMLDivElement | null> }) {
  const { trials, fields, places, chosen, cursor, onChoose } = props;
  const [from, to] = useWindow(box, places.length, CARD);
  useShown(box, cursor, CARD, 0);
  const objective = fields.find((field) => field.key === OBJECTIVE) as Field;
  const told = fields.filter((field) => ![TRIAL, STATUS, OBJECTIVE].includes(field.key)).slice(0, TOLD);
  return (
    <div ref={box} class="grid cards" tabIndex={0} role="region" aria-label={t().label} style={{ '--row': `${CARD}px` }}>
      <ul class="grid-body" style={{ blockSize: `${places.length * CARD}px` }}>
        {Array.from({ length: to - from }, (_, k) => {
          const row = from + k;
          const place = places[row] as number;
          const number = trials.number[place] as number;
          const isBest = place === trials.best;
          return (
            <li
              key={row % (to - from)}
              class="trial-card"
              aria-setsize={places.length}
              aria-posinset={row + 1}
              data-best={isBest || undefined}
              data-trial={number}
              style={{ transform: `translateY(calc(${row} * var(--row)))` }}
            >
              <div class="row">
                <input type="checkbox" aria-label={t().choose(number)} checked={chosen.has(number)} onChange={() => onChoose(number)} />
                <StarButton number={number} />
                <TrialLink trials={trials} place={place} isBest={isBest} />
                <StatusMark status={trials.statuses[place] ?? 'queued'} />
                <span class="trial-card-value">
                  <Cell trials={trials} field={objective} place={place} isBest={isBest} />
                </span>
              </div>
              <dl>
                {told.map((field) => (
                  <div key={field.key}>
                    <dt class="clip">{field.title}</dt>
                    <dd class="clip">
                      <Cell trials={trials} field={field} place={place} isBest={false} />
                    </dd>
                  </div>
                ))}
              </dl>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const CARD = 128;
const TOLD = 6;

const numeric = new WeakMap<Field, boolean>();

function isNumeric(field: Field): boolean {
  let known = numeric.get(field);
  if (known === undefined) numeric.set(field, (known = isNumberField(field)));
  return known;
}

/** The rows that are in sight, and a few more; another pair only when a row comes in or leaves. */
function useWindow(box: RefObject<HTMLDivElement | null>, count: number, rowHeight: number): [number, number] {
  const first = useSignal(0);
  const fitting = useSignal(30);
  useLayoutEffect(() => {
    const found = box.current;
    if (!found) return undefined;
    const look = () => {
      first.value = Math.floor(found.scrollTop / rowHeight);
      fitting.value = Math.ceil(found.clientHeight / rowHeight);
    };
    look();
    const watch = new ResizeObserver(look);
    watch.observe(found);
    found.addEventListener('scroll', look, { passive: true });
    return () => {
      watch.disconnect();
      found.removeEventListener('scroll', look);
    };
  }, [rowHeight]);
  const from = Math.max(0, Math.min(first.value, count - fitting.value) - SPARE);
  return [from, Math.min(count, from + fitting.value + 2 * SPARE)];
}

/** Brings the row that the keys act on into sight, when it is another one. */
function useShown(box: RefObject<HTMLDivElement | null>, cursor: number, rowHeight: number, head: number): void {
  useEffect(() => {
    const found = box.current;
    if (!found || cursor < 0) return;
    const [top, bottom] = [cursor * rowHeight, (cursor + 1) * rowHeight + head];
    if (top < found.scrollTop) found.scrollTop = top;
    else if (bottom > found.scrollTop + found.clientHeight) found.scrollTop = bottom - found.clientHeight;
  }, [cursor]);
}

function onKey(event: KeyboardEvent, { places, cursor, onCursor, rowHeight }: TableProps): void {
  const page = Math.max(1, Math.floor((event.currentTarget as HTMLElement).clientHeight / rowHeight) - 2);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -places.length,
    End: places.length,
  };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  onCursor(Math.min(places.length - 1, Math.max(0, cursor + step)));
}
