import { useSignal } from '@preact/signals';
import { save, saveCsv } from '../charts/exports';
import type { Field } from '../charts/fields';
import { chooseTrials, chosenTrials } from '../charts/view';
import { messages } from '../i18n/messages';
import { now } from '../state/clock';
import { count } from '../state/format';
import { navigate, place, query, setQuery } from '../state/router';
import { clearSelection, type Selection } from '../state/selection';
import type { Trials } from '../state/trials';
import { isFixed, jsonOf, tableOf, writeColumns } from '../table/columns';
import { compareAddress, MOST_COMPARED } from '../table/compared';
import { hiddenOf } from '../table/order';
import { dropView, saveView, viewOf, views } from '../table/views';
import { Segmented } from './Segmented';

const t = messages(
  {
    columns: 'Columns',
    find: 'Find a column',
    reset: 'The usual ones',
    views: 'Views',
    noViews: 'A view keeps filter, sorting and columns under a name, in this browser.',
    viewName: 'Name of the view',
    save: 'Save',
    drop: (name: string) => `Delete the view ${name}`,
    export: 'Export',
    density: 'Height of rows',
    roomy: 'Roomy',
    dense: 'Dense',
    compare: (chosen: number) => `Compare ${chosen}`,
    compareLimits: 'Two to eight trials can be compared',
    unchoose: 'Drop the choice',
    shown: (some: string, all: string) => `${some} of ${all} shown`,
    all: (all: string) => (all === '1' ? 'The only trial is shown' : `All ${all} trials shown`),
    hidden: (failed: number, running: number) =>
      `${[failed && `${failed} failed`, running && `${running} running`].filter(Boolean).join(' and ')} hidden by filter`,
    show: 'show',
  },
  {
    zh: {
      columns: '列',
      find: '查找列',
      reset: '默认列',
      views: '视图',
      noViews: '视图以名称在此浏览器中保存筛选、排序和列。',
      viewName: '视图名称',
      save: '保存',
      drop: (name: string) => `删除视图 ${name}`,
      export: '导出',
      density: '行高',
      roomy: '宽松',
      dense: '紧凑',
      compare: (chosen: number) => `比较 ${chosen} 个`,
      compareLimits: '可比较二至八个试验',
      unchoose: '取消选择',
      shown: (some: string, all: string) => `显示 ${all} 个中的 ${some} 个`,
      all: (all: string) => `显示全部 ${all} 个试验`,
      hidden: (failed: number, running: number) =>
        `筛选隐藏了${[failed && ` ${failed} 个失败`, running && ` ${running} 个运行中`].filter(Boolean).join('和')}的试验`,
      show: '显示',
    },
    ko: {
      columns: '열',
      find: '열 찾기',
      reset: '기본 열',
      views: '보기',
      noViews: '보기는 필터, 정렬, 열을 이름과 함께 이 브라우저에 저장합니다.',
      viewName: '보기 이름',
      save: '저장',
      drop: (name: string) => `보기 ${name} 삭제`,
      export: '내보내기',
      density: '행 높이',
      roomy: '넓게',
      dense: '촘촘히',
      compare: (chosen: number) => `${chosen}개 비교`,
      compareLimits: '2~8개 시행을 비교할 수 있습니다',
      unchoose: '선택 해제',
      shown: (some: string, all: string) => `${all}개 중 ${some}개 표시`,
      all: (all: string) => `시행 ${all}개 모두 표시`,
      hidden: (failed: number, running: number) =>
        `필터로 숨김: ${[failed && `실패 ${failed}개`, running && `실행 중 ${running}개`].filter(Boolean).join(', ')}`,
      show: '표시',
    },
  },
);

/** How many trials are shown, and which ones that somebody may miss are not. */
export function ShownCount({ trials, kept }: { trials: Trials; kept: Selection }) {
  const { failed, running } = hiddenOf(trials, kept.mask);
  return (
    <p class="small" role="status">
      <span>{kept.isAll ? t().all(count(trials.count)) : t().shown(count(kept.count), count(trials.count))}</span>
      {failed + running > 0 && (
        <span class="faint">
          {' · '}
          {t().hidden(failed, running)} (
          <button type="button" class="link small" onClick={clearSelection}>
            {t().show}
          </button>
          )
        </span>
      )}
    </p>
  );
}

interface ToolsProps {
  readonly trials: Trials;
  /** All there are, and those that are shown. */
  readonly fields: readonly Field[];
  readonly shown: readonly Field[];
  readonly places: Int32Array;
}

/** What can be done with the table as it stands. */
export function TableTools({ trials, fields, shown, places }: ToolsProps) {
  const chosen = chosenTrials.value;
  const isFit = chosen.size > 1 && chosen.size <= MOST_COMPARED;
  const name = `${trials.job}-trials`;
  const table = () => tableOf(trials, shown, places, now.peek());
  return (
    <div class="card-tools">
      {chosen.size > 0 && (
        <>
          <button
            type="button"
            class="button primary"
            disabled={!isFit}
            title={isFit ? undefined : t().compareLimits}
            onClick={() => navigate(compareAddress([...chosen].map((number) => ({ job: trials.job, number }))))}
          >
            {t().compare(chosen.size)}
          </button>
          <button type="button" class="button icon" aria-label={t().unchoose} title={t().unchoose} onClick={() => chooseTrials([])}>
            ×
          </button>
        </>
      )}
      <Segmented
        label={t().density}
        options={{ roomy: t().roomy, dense: t().dense }}
        value={query.value.get('dense') === '1' ? 'dense' : 'roomy'}
        onChange={(one) => setQuery({ dense: one === 'dense' ? '1' : null })}
      />
      <Columns fields={fields} shown={shown} />
      <Views />
      <details class="menu">
        <summary class="button">{t().export}</summary>
        <div class="menu-box">
          <button type="button" onClick={() => saveCsv(table(), name)}>
            CSV
          </button>
          <button type="button" onClick={() => save(new Blob([jsonOf(table())], { type: 'application/json' }), `${name}.json`)}>
            JSON
          </button>
        </div>
      </details>
    </div>
  );
}

const MANY = 12;

function Columns({ fields, shown }: { fields: readonly Field[]; shown: readonly Field[] }) {
  const sought = useSignal('');
  const free = fields.filter((one) => !isFixed(one));
  const found = free.filter((one) => one.title.toLocaleLowerCase().includes(sought.value.toLocaleLowerCase()));
  const toggle = (field: Field) => {
    const next = free.filter((one) => (one === field ? !shown.includes(one) : shown.includes(one)));
    setQuery({ cols: writeColumns(next) });
  };
  return (
    <details class="menu">
      <summary class="button">
        {t().columns} <span class="faint">{shown.length}</span>
      </summary>
      <div class="menu-box menu-list">
        {free.length > MANY && (
          <input
            type="search"
            aria-label={t().find}
            placeholder={t().find}
            value={sought.value}
            onInput={(event) => (sought.value = event.currentTarget.value)}
          />
        )}
        <ul tabIndex={-1}>
          {found.map((field) => (
            <li key={field.key}>
              <label>
                <input type="checkbox" checked={shown.includes(field)} onChange={() => toggle(field)} />
                <span class="clip" title={field.title}>
                  {field.title}
                </span>
              </label>
            </li>
          ))}
        </ul>
        <button type="button" onClick={() => setQuery({ cols: null })}>
          {t().reset}
        </button>
      </div>
    </details>
  );
}

function Views() {
  const name = useSignal('');
  const keep = (event: Event) => {
    event.preventDefault();
    if (name.value.trim() === '') return;
    saveView(name.value.trim(), place.value.search);
    name.value = '';
  };
  const here = viewOf(place.value.search);
  return (
    <details class="menu">
      <summary class="button">{t().views}</summary>
      <div class="menu-box menu-list">
        {views.value.length === 0 && <p class="faint small">{t().noViews}</p>}
        <ul>
          {views.value.map((view) => (
            <li key={view.name}>
              <a class="clip" href={`${place.value.path}?${view.search}`} aria-current={view.search === here ? 'true' : undefined}>
                {view.name}
              </a>
              <button type="button" aria-label={t().drop(view.name)} onClick={() => dropView(view.name)}>
                ×
              </button>
            </li>
          ))}
        </ul>
        <form class="row" onSubmit={keep}>
          <input
            type="text"
            aria-label={t().viewName}
            placeholder={t().viewName}
            value={name.value}
            maxLength={60}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
          <button type="submit" class="button">
            {t().save}
          </button>
        </form>
      </div>
    </details>
  );
}
