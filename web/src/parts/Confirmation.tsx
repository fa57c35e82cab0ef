import type { components } from '../api/schema';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { useAnalysis } from '../state/analysis';
import { number, percent, value } from '../state/format';
import { jobAddress } from '../state/router';
import { Failure, Skeleton } from './Calm';
import { Card } from './Card';
import { Kpi } from './Kpi';
import { Kpis } from './Kpis';
import { TimelineCard } from './TimelineCard';

const t = messages(
  {
    expected: (metric: string) => `Expected ${metric}`,
    none: 'no run has given a result',
    decided: (chance: string) => `decided: best with a chance of ${chance}`,
    undecided: (chance: string) => `not decided: best with a chance of ${chance}`,
    title: 'What the runs confirm',
    runs: (runs: number, budget: number) => `${runs} of at most ${budget} runs again of`,
    compute: 'Work it out',
    rows: 'Configurations and their runs',
    configuration: 'Trial',
    times: 'Runs',
    failed: (count: number) => `${count} failed`,
    dropped: (seeds: number) => `out after ${seeds} seeds`,
    searched: 'Searched value',
    mean: 'Mean',
    interval: '95 % interval',
    chance: 'Chance of being best',
    behind: 'Behind the leader',
    p: 'p',
    pHelp: 'The chance of such a distance if there were none, for all comparisons together (Holm)',
  },
  {
    zh: {
      expected: (metric: string) => `预期的 ${metric}`,
      none: '没有运行给出结果',
      decided: (chance: string) => `已确定:为最佳的概率 ${chance}`,
      undecided: (chance: string) => `未确定:为最佳的概率 ${chance}`,
      title: '重复运行的结论',
      runs: (runs: number, budget: number) => `${runs} / ${budget} 次运行,重复自`,
      compute: '计算',
      rows: '各配置及其运行',
      configuration: '试验',
      times: '运行',
      failed: (count: number) => `${count} 次失败`,
      dropped: (seeds: number) => `${seeds} 个种子后退出`,
      searched: '搜索时的值',
      mean: '平均值',
      interval: '95 % 区间',
      chance: '为最佳的概率',
      behind: '落后于领先者',
      p: 'p',
      pHelp: '若没有差距,出现这种差距的概率;对所有比较一并校正(Holm)',
    },
    ko: {
      expected: (metric: string) => `예상 ${metric}`,
      none: '결과를 낸 실행이 없습니다',
      decided: (chance: string) => `결정됨: 최고일 확률 ${chance}`,
      undecided: (chance: string) => `결정되지 않음: 최고일 확률 ${chance}`,
      title: '다시 실행한 결론',
      runs: (runs: number, budget: number) => `실행 ${runs} / 최대 ${budget}회, 대상 작업`,
      compute: '계산하기',
      rows: '구성과 그 실행',
      configuration: '시행',
      times: '실행',
      failed: (count: number) => `${count}회 실패`,
      dropped: (seeds: number) => `시드 ${seeds}개 뒤 탈락`,
      searched: '탐색한 값',
      mean: '평균',
      interval: '95 % 구간',
      chance: '최고일 확률',
      behind: '선두와의 차이',
      p: 'p',
      pHelp: '차이가 없을 때 이만한 차이가 날 확률, 모든 비교를 함께 보정(Holm)',
    },
  },
);

type Found = components['schemas']['ConfirmationDocument'];
type Entrant = Found['entrants'][number];

/**
 * A job that runs configurations again: what these runs say together. The luckiest of them, which the
 * overview of a search would show, is what such a job is there to see through.
 */
export function Confirmation() {
  const asked = useAnalysis<Found>('confirmation', (over) => over);
  const found = asked.data.value;
  const failure = asked.failure.value;
  return (
    <>
      <Kpis verdict={<Verdict found={found} />} />
      {found && <Entrants found={found} />}
      {!found && failure && <Failure failure={failure} retry={() => void asked.refresh()} />}
      {!found && !failure && asked.isWanted && <Skeleton height={200} lines={5} />}
      {!asked.isWanted && (
        <button type="button" class="button" onClick={() => asked.want()}>
          {t().compute}
        </button>
      )}
      <TimelineCard />
    </>
  );
}

function Verdict({ found }: { found: Found | undefined }) {
  const leader = found?.entrants.find(({ trial }) => trial === found.best);
  if (!found || !leader) {
    return (
      <Kpi label={t().expected(found?.metric ?? '')} figure="—">
        {found && t().none}
      </Kpi>
    );
  }
  const chance = percent(Number(leader.chance));
  return (
    <Kpi
      label={t().expected(found.metric)}
      beside={<a href={jobAddress(found.job, 'trials', leader.trial)}>{words().trialNumber(leader.trial)}</a>}
      figure={number(found.estimate)}
      isBest
    >
      {found.decided ? t().decided(chance) : t().undecided(chance)}
    </Kpi>
  );
}

function Entrants({ found }: { found: Found }) {
  const scale = spanOf(found.entrants);
  return (
    <Card
      title={t().title}
      beside={
        <span class="faint small">
          {t().runs(found.runs, found.budget)} <a href={jobAddress(found.job)}>{found.job}</a>
        </span>
      }
    >
      <p class="confirmed-said break">{found.message}</p>
      <div class="scroll-x" tabIndex={0} role="region" aria-label={t().rows}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t().configuration}</th>
              <th scope="col">{words().parameters}</th>
              <th scope="col" class="number">{t().times}</th>
              <th scope="col" class="number">{t().searched}</th>
              <th scope="col" class="number">{t().mean}</th>
              <th scope="col">{t().interval}</th>
              <th scope="col" class="number">{t().chance}</th>
              <th scope="col" class="number">{t().behind}</th>
              <th scope="col" class="number" title={t().pHelp}>{t().p}</th>
            </tr>
          </thead>
          <tbody>
            {found.entrants.map((one) => (
              <Row key={one.trial} one={one} found={found} scale={scale} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Row({ one, found, scale }: { one: Entrant; found: Found; scale: Span }) {
  const parameters = Object.entries(one.parameters).map(([name, held]) => `${name} ${value(held)}`);
  const outcome = [one.failed > 0 && t().failed(one.failed), one.dropped !== null && t().dropped(one.dropped)].filter(Boolean);
  return (
    <tr>
      <td class="nowrap">
        <a href={jobAddress(found.job, 'trials', one.trial)}>{words().trialNumber(one.trial)}</a>{' '}
        {one.trial === found.best && <span class="star">★</span>}
      </td>
      <td class="small confirmed-values">{parameters.join(' · ')}</td>
      <td class="number nowrap">
        {one.runs}
        {outcome.length > 0 && <span class="faint small"> {outcome.join(', ')}</span>}
      </td>
      <td class="number nowrap">{number(one.searched)}</td>
      <td class="number nowrap">{number(one.mean)}</td>
      <td>
        <Interval one={one} scale={scale} />
      </td>
      <td class="number nowrap">{percent(Number(one.chance))}</td>
      <td class="number nowrap">{number(one.behind)}</td>
      <td class="number nowrap">{number(one.p)}</td>
    </tr>
  );
}

interface Span {
  readonly low: number;
  readonly high: number;
}

function spanOf(entrants: readonly Entrant[]): Span {
  const known = entrants.flatMap(({ low, mean, high }) => [low, mean, high]).flatMap((one) => (one === null ? [] : [Number(one)]));
  return { low: Math.min(...known), high: Math.max(...known) };
}

/** The interval in words, over a line of it beside those of the others. */
function Interval({ one, scale }: { one: Entrant; scale: Span }) {
  if (one.low === null || one.high === null || one.mean === null) return <>—</>;
  const share = (at: number | string) => (100 * (Number(at) - scale.low)) / (scale.high - scale.low || 1);
  const [from, to] = [share(one.low), share(one.high)];
  return (
    <span class="confirmed-interval">
      <span class="nowrap">
        {number(one.low)} – {number(one.high)}
      </span>
      <span class="confirmed-line" aria-hidden="true">
        <span style={{ insetInlineStart: `${from}%`, inlineSize: `${to - from}%` }} />
        <i style={{ insetInlineStart: `${share(one.mean)}%` }} />
      </span>
    </span>
  );
}
