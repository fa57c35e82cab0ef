import { useSignal } from '@preact/signals';
import { get, jobPath, toNumber } from '../api/client';
import type { components } from '../api/schema';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { now } from '../state/clock';
import { duration, reading, value } from '../state/format';
import { useJob } from '../state/job';
import { useResource } from '../state/resource';
import { jobAddress, navigate, place } from '../state/router';
import { durationOf, valueAt, type Trials } from '../state/trials';
import { Card } from './Card';
import { FilterField } from './FilterBar';
import { Sparkline } from './Sparkline';
import { StatusMark } from './StatusMark';

const t = messages(
  {
    title: 'Top trials',
    rows: 'Rows of the top trials',
    curve: 'Curve',
    choose: (number: number) => `Choose trial ${number}`,
    compare: (count: number) => `Compare ${count}`,
    all: 'All trials',
    nothing: 'The filter leaves no trial',
    best: 'The best one',
  },
  {
    zh: {
      title: '最佳试验列表',
      rows: '最佳试验的行',
      curve: '曲线',
      choose: (number: number) => `选择试验 ${number}`,
      compare: (count: number) => `比较 ${count} 个`,
      all: '全部试验',
      nothing: '筛选后没有试验',
      best: '最佳',
    },
    ko: {
      title: '상위 시행',
      rows: '상위 시행의 행',
      curve: '곡선',
      choose: (number: number) => `시행 ${number} 선택`,
      compare: (count: number) => `${count}개 비교`,
      all: '모든 시행',
      nothing: '필터에 맞는 시행이 없습니다',
      best: '최고',
    },
  },
);

type Curves = components['schemas']['CurvesDocument'];

const BEST = 6;
const LIVE = 4;
const MOST_PARAMETERS = 8;
const POINTS = 40;

/** The best trials that the filter leaves, and those that run now. */
export function TopTrials() {
  const { name, trials, selection } = useJob();
  const chosen = useSignal<readonly number[]>([]);
  const [sheet, kept] = [trials.value, selection.value];
  if (!sheet || !kept) return null;
  const best = [...sheet.ranking].filter((i) => kept.mask[i]).slice(0, BEST);
  const live: number[] = [];
  for (let i = 0; i < sheet.count && live.length < LIVE; i++) {
    if (sheet.statuses[i] === 'running' && kept.mask[i] && !best.includes(i)) live.push(i);
  }
  const rows = [...best, ...live];
  const compare = () => navigate(`/compare?t=${chosen.value.map((one) => `${encodeURIComponent(name)}:${one}`).join(',')}`);
  return (
    <Card
      title={t().title}
      beside={<FilterField />}
      tools={
        <>
          {chosen.value.length > 1 && (
            <button type="button" class="button" onClick={compare}>
              {t().compare(chosen.value.length)}
            </button>
          )}
          <a class="button" href={jobAddress(name, 'trials') + place.value.search}>
            {t().all}
          </a>
        </>
      }
    >
      {rows.length === 0 ? (
        <p class="faint">{t().nothing}</p>
      ) : (
        <div class="scroll-x" tabIndex={0} role="region" aria-label={t().rows}>
          <Rows sheet={sheet} rows={rows} chosen={chosen} />
        </div>
      )}
    </Card>
  );
}

interface RowsProps {
  readonly sheet: Trials;
  readonly rows: readonly number[];
  readonly chosen: { value: readonly number[] };
}

function Rows({ sheet, rows, chosen }: RowsProps) {
  const parameters = [...sheet.parameters].slice(0, MOST_PARAMETERS);
  const numbers = rows.map((i) => sheet.number[i] as number);
  const curves = useCurves(sheet.job, numbers, Math.max(...rows.map((i) => stepOf(sheet, i) || 0)));
  const toggle = (number: number) => {
    const isIn = chosen.value.includes(number);
    chosen.value = isIn ? chosen.value.filter((one) => one !== number) : [...chosen.value, number];
  };
  return (
    <table class="table top-trials">
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">{t().compare(2)}</span>
          </th>
          <th scope="col">{words().trial}</th>
          <th scope="col">{words().status}</th>
          <th scope="col" class="number">
            {sheet.metric}
          </th>
          <th scope="col">{t().curve}</th>
          {parameters.map(([name, column]) => (
            <th key={name} scope="col" class={column.kind === 'numbers' ? 'number' : ''} title={name}>
              <span class="clip column-name">{name}</span>
            </th>
          ))}
          <th scope="col" class="number">
            {words().step}
          </th>
          <th scope="col" class="number">
            {words().duration}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((i) => {
          const number = sheet.number[i] as number;
          const isBest = i === sheet.ranking[0];
          return (
            <tr key={number} data-best={isBest || undefined}>
              <td>
                <input
                  type="checkbox"
                  aria-label={t().choose(number)}
                  checked={chosen.value.includes(number)}
                  onChange={() => toggle(number)}
                />
              </td>
              <td class="nowrap">
                {isBest && (
                  <span class="star" role="img" aria-label={t().best}>
                    ★{' '}
                  </span>
                )}
                <a href={jobAddress(sheet.job, 'trials', number)}>#{number}</a>
              </td>
              <td>
                <StatusMark status={sheet.statuses[i] ?? 'queued'} />
              </td>
              <td class="number">
                <b>{reading(sheet.objective[i])}</b>
              </td>
              <td>
                <Sparkline values={curves.get(number) ?? []} />
              </td>
              {parameters.map(([name, column]) => {
                const found = valueAt(column, i);
                return (
                  <td key={name} class={column.kind === 'numbers' ? 'number' : 'break'} title={String(found ?? '')}>
                    {value(found)}
                  </td>
                );
              })}
              <td class="number">{reading(stepOf(sheet, i))}</td>
              <td class="number nowrap">{duration(durationOf(sheet, i, now.value))}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The step of what counts, or of the last report while a trial runs. */
function stepOf(sheet: Trials, i: number): number | undefined {
  const step = sheet.step[i] as number;
  return Number.isNaN(step) ? sheet.metrics.get(sheet.metric)?.step[i] : step;
}

/** The objective's curves of a few trials; asked for again as they get longer. */
function useCurves(job: string, numbers: readonly number[], step: number): ReadonlyMap<number, readonly number[]> {
  const found = useResource(`${job} ${numbers.join()} ${step}`, (abort) =>
    get<Curves>(jobPath(job, 'curves'), { trials: numbers.join(','), points: POINTS }, abort),
  );
  return new Map(found.data.value?.curves.map(({ trial, value }) => [trial, value.map(toNumber)]));
}
