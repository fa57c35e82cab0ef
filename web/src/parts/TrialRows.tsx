import { useRef } from 'preact/hooks';
import { get, jobPath, toNumber } from '../api/client';
import type { components } from '../api/schema';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { now } from '../state/clock';
import { duration, reading, value } from '../state/format';
import { useResource } from '../state/resource';
import { jobAddress } from '../state/router';
import { durationOf, valueAt, type Trials } from '../state/trials';
import { Sparkline } from './Sparkline';
import { StatusMark } from './StatusMark';

const t = messages(
  {
    curve: 'Curve',
    chosen: 'Chosen',
    choose: (number: number) => `Choose trial ${number}`,
    best: 'The best one',
  },
  {
    zh: { curve: '曲线', chosen: '已选', choose: (number: number) => `选择试验 ${number}`, best: '最佳' },
    ko: { curve: '곡선', chosen: '선택됨', choose: (number: number) => `시행 ${number} 선택`, best: '최고' },
  },
);

type Curves = components['schemas']['CurvesDocument'];

const MOST_PARAMETERS = 8;
const POINTS = 40;
const EVERY_S = 3;

interface TrialRowsProps {
  readonly sheet: Trials;
  readonly rows: readonly number[];
  readonly chosen: { value: readonly number[] };
}

/** Trials as a table: what they came to, how, and with which values. */
export function TrialRows({ sheet, rows, chosen }: TrialRowsProps) {
  const parameters = [...sheet.parameters].slice(0, MOST_PARAMETERS);
  const numbers = rows.map((i) => sheet.number[i] as number);
  const isLive = rows.some((i) => sheet.statuses[i] === 'running');
  const curves = useCurves(sheet.job, numbers, isLive ? Math.floor(now.value / EVERY_S) : 0);
  const toggle = (number: number) => {
    const isIn = chosen.value.includes(number);
    chosen.value = isIn ? chosen.value.filter((one) => one !== number) : [...chosen.value, number];
  };
  return (
    <table class="table top-trials">
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">{t().chosen}</span>
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
          const isBest = i === sheet.best;
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

/** The objective's curves of a few trials; another `moment` asks again, for they get longer. */
function useCurves(job: string, numbers: readonly number[], moment: number): ReadonlyMap<number, readonly number[]> {
  const found = useResource(`${job} ${numbers.join()} ${moment}`, (abort) =>
    get<Curves>(jobPath(job, 'curves'), { trials: numbers.join(','), points: POINTS }, abort),
  );
  // Until the next answer is there, the one before is shown.
  const last = useRef<ReadonlyMap<number, readonly number[]>>(new Map());
  const curves = found.data.value?.curves;
  if (curves) last.current = new Map(curves.map(({ trial, value }) => [trial, value.map(toNumber)]));
  return last.current;
}
