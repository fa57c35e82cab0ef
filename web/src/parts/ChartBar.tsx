import type { Field } from '../charts/fields';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { useJob } from '../state/job';
import { setQuery } from '../state/router';
import { statuses, topShare } from '../state/selection';
import { MARKS, STATUSES, type Status } from '../state/statuses';
import type { Trials } from '../state/trials';
import { useTyped } from '../state/typed';
import { CopyButton } from './CopyButton';
import { FieldPicker } from './FieldPicker';
import { BrushChips, FilterField } from './FilterBar';

const t = messages(
  {
    choose: 'Which trials the charts show',
    best: (share: number) => (share === 100 ? 'All trials' : `Best ${share} %`),
    top: 'Share of the best trials',
    colour: 'Colour by',
    link: 'Copy link',
    shown: 'Statuses',
  },
  {
    zh: {
      choose: '图表显示哪些试验',
      best: (share: number) => (share === 100 ? '全部试验' : `最佳 ${share} %`),
      top: '最佳试验的比例',
      colour: '着色依据',
      link: '复制链接',
      shown: '状态',
    },
    ko: {
      choose: '차트에 표시할 시행',
      best: (share: number) => (share === 100 ? '모든 시행' : `상위 ${share} %`),
      top: '상위 시행 비율',
      colour: '색상 기준',
      link: '링크 복사',
      shown: '상태',
    },
  },
);

interface ChartBarProps {
  readonly fields: readonly Field[];
  readonly colour: string;
  /** Without it a chart has colours of its own. */
  readonly onColour?: (key: string) => void;
}

/** What all charts share: which trials they show, and what gives them their colour. */
export function ChartBar({ fields, colour, onColour }: ChartBarProps) {
  const { trials } = useJob();
  return (
    <section class="card chart-bar" aria-label={t().choose}>
      <FilterField />
      <BrushChips />
      <div class="row chart-choices">
        {trials.value && <StatusToggles trials={trials.value} />}
        <TopShare />
        {onColour && <FieldPicker label={t().colour} fields={fields} value={colour} onChange={onColour} />}
        <CopyButton text={() => location.href}>{t().link}</CopyButton>
      </div>
    </section>
  );
}

export function StatusToggles({ trials }: { trials: Trials }) {
  const counts = new Map<Status, number>();
  for (const status of trials.statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  const there = STATUSES.filter((status) => counts.has(status));
  if (there.length < 2) return null;
  const shown = statuses.value.length === 0 ? there : there.filter((status) => statuses.value.includes(status));
  const toggle = (status: Status) => {
    const next = there.filter((one) => (one === status ? !shown.includes(one) : shown.includes(one)));
    const isAll = next.length === there.length || next.length === 0;
    setQuery({ status: isAll ? null : next.join(',') });
  };
  return (
    <fieldset class="row toggles">
      <legend class="visually-hidden">{t().shown}</legend>
      {there.map((status) => (
        <button
          key={status}
          type="button"
          class="toggle"
          data-status={status}
          aria-pressed={shown.includes(status)}
          onClick={() => toggle(status)}
        >
          <span aria-hidden="true">{MARKS[status]}</span> {words()[status]} <b>{counts.get(status)}</b>
        </button>
      ))}
    </fieldset>
  );
}

const SETTLED_MS = 80;

/** The best so many percent of the trials. */
function TopShare() {
  const drawn = useTyped(topShare, sendTop, SETTLED_MS);
  return (
    <label class="slide">
      <span class="visually-hidden">{t().top}</span>
      <input
        type="range"
        min={1}
        max={100}
        value={drawn.value}
        aria-valuetext={t().best(drawn.value)}
        onInput={(event) => drawn.type(event.currentTarget.valueAsNumber)}
      />
      <span aria-hidden="true">{t().best(drawn.value)}</span>
    </label>
  );
}

function sendTop(percent: number): void {
  if (percent !== topShare.peek()) setQuery({ top: percent === 100 ? null : String(percent) });
}
