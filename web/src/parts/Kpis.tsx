import type { ComponentChildren } from 'preact';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { now } from '../state/clock';
import { ago, count, duration, number, percent } from '../state/format';
import { useJob } from '../state/job';
import { jobAddress } from '../state/router';
import type { Status } from '../state/statuses';
import type { Trials } from '../state/trials';
import { frontPlaces } from '../charts/pareto/objectives';
import { improvement, timing } from '../state/standing';
import { Skeleton } from './Calm';
import { Kpi } from './Kpi';
import { SavedKpi } from './SavedKpi';
import { StackedBar } from './StackedBar';

const t = messages(
  {
    best: (metric: string) => `Best ${metric}`,
    beyond: 'No trial keeps every limit',
    front: (metrics: string) => `Front of ${metrics}`,
    toFront: 'chart',
    onFront: (all: string) => `of ${all} results that no other one beats`,
    improved: (share: string, trial: number) => `${share} since trial ${trial}`,
    last: (when: string) => `last improved ${when}`,
    progress: 'Progress',
    ofTrials: (done: string, all: string) => `${done} of ${all} trials`,
    unlimited: (done: string) => `${done} trials, no limit`,
    time: 'Time',
    parallel: (many: number) => `${many} parallel`,
    left: (time: string) => `about ${time} left`,
    budget: (time: string) => `budget ${time}`,
    took: 'from its start to its end',
    spent: 'Trial time',
    spentHelp: (median: string) => `median trial ${median}`,
  },
  {
    zh: {
      best: (metric: string) => `最佳 ${metric}`,
      beyond: '没有试验满足全部限制',
      front: (metrics: string) => `${metrics} 的前沿`,
      toFront: '图表',
      onFront: (all: string) => `${all} 个结果中未被任何其他结果超过的`,
      improved: (share: string, trial: number) => `自试验 ${trial} 起 ${share}`,
      last: (when: string) => `${when}改进`,
      progress: '进度',
      ofTrials: (done: string, all: string) => `${all} 个试验中的 ${done} 个`,
      unlimited: (done: string) => `${done} 个试验,无上限`,
      time: '时间',
      parallel: (many: number) => `并行 ${many}`,
      left: (time: string) => `约剩 ${time}`,
      budget: (time: string) => `预算 ${time}`,
      took: '从开始到结束',
      spent: '试验用时',
      spentHelp: (median: string) => `试验中位用时 ${median}`,
    },
    ko: {
      best: (metric: string) => `최고 ${metric}`,
      beyond: '모든 제한을 지키는 시행이 없습니다',
      front: (metrics: string) => `${metrics} 프런트`,
      toFront: '차트',
      onFront: (all: string) => `결과 ${all}개 중 다른 결과에 뒤지지 않는 것`,
      improved: (share: string, trial: number) => `시행 ${trial} 이후 ${share}`,
      last: (when: string) => `${when} 개선`,
      progress: '진행률',
      ofTrials: (done: string, all: string) => `시행 ${all}개 중 ${done}개`,
      unlimited: (done: string) => `시행 ${done}개, 제한 없음`,
      time: '시간',
      parallel: (many: number) => `병렬 ${many}`,
      left: (time: string) => `약 ${time} 남음`,
      budget: (time: string) => `예산 ${time}`,
      took: '시작부터 끝까지',
      spent: '시행 시간',
      spentHelp: (median: string) => `시행 중앙값 ${median}`,
    },
  },
);

/** How a job stands, in four figures; `verdict` is the first one where the best trial tells nothing. */
export function Kpis({ verdict }: { verdict?: ComponentChildren }) {
  const { name, progress, spec, trials } = useJob();
  const [at, asked, sheet] = [progress.value, spec.value, trials.value];
  if (!at || !asked || !sheet) return <Skeleton height={110} />;
  const stopped = sheet.statuses.filter((status) => status === 'stopped').length;
  return (
    <div class="kpis">
      {verdict ?? <Best name={name} sheet={sheet} />}
      <Progress sheet={sheet} most={at.max_trials} />
      <Time />
      {stopped > 0 || asked.stopping ? <SavedKpi stopped={stopped} /> : <Spent sheet={sheet} />}
    </div>
  );
}

function Best({ name, sheet }: { name: string; sheet: Trials }) {
  const { isOver } = useJob();
  if (sheet.objectives.length > 1) return <Front name={name} sheet={sheet} />;
  const best = sheet.best;
  if (best === undefined) {
    return (
      <Kpi label={t().best(sheet.metric)} figure="—">
        {sheet.limits.length > 0 && sheet.objective.some(Number.isFinite) ? t().beyond : words().noResult(isOver.value)}
      </Kpi>
    );
  }
  const trial = sheet.number[best] as number;
  const gain = improvement(sheet);
  return (
    <Kpi
      label={t().best(sheet.metric)}
      beside={<a href={jobAddress(name, 'trials', trial)}>{words().trialNumber(trial)}</a>}
      figure={number(sheet.objective[best])}
      isBest
    >
      {gain && `${sheet.goal === 'minimize' ? '▼' : '▲'} ${t().improved(percent1(gain.share), gain.since)} · `}
      {Number.isFinite(sheet.ended[best]) && t().last(ago(sheet.ended[best], now.value))}
    </Kpi>
  );
}

function Front({ name, sheet }: { name: string; sheet: Trials }) {
  return (
    <Kpi
      label={t().front(sheet.objectives.map((one) => one.metric).join(' · '))}
      beside={<a href={jobAddress(name, 'charts', 'pareto')}>{t().toFront}</a>}
      figure={count(frontPlaces(sheet).length)}
      isBest
    >
      {t().onFront(count(sheet.ranking.length))}
    </Kpi>
  );
}

function percent1(share: number): string {
  return `${(share * 100).toFixed(1)}\u202f%`;
}

function Progress({ sheet, most }: { sheet: Trials; most: number | null }) {
  const counts: Partial<Record<Status, number>> = {};
  for (const status of sheet.statuses) counts[status] = (counts[status] ?? 0) + 1;
  const done = sheet.count - (counts.running ?? 0) - (counts.queued ?? 0) - (counts.paused ?? 0);
  return (
    <Kpi
      label={t().progress}
      beside={
        <span class="faint">
          {most === null ? t().unlimited(count(done)) : t().ofTrials(count(done), count(most))}
        </span>
      }
      figure={most === null ? count(done) : percent(done / Math.max(1, most))}
    >
      <StackedBar counts={counts} of={most} />
    </Kpi>
  );
}

function Time() {
  const { progress, spec, trials } = useJob();
  const [at, asked, sheet] = [progress.value, spec.value, trials.value];
  if (!at || !asked || !sheet) return null;
  const { left } = timing(sheet, at.max_trials, asked.limits.parallel);
  const running = at.job.resumed_at === null ? 0 : now.value - Number(at.job.resumed_at);
  const budget = asked.limits.timeout_s;
  const foot = [
    at.job.state === 'running' && left !== null && left > 0 && t().left(duration(left)),
    at.job.ended_at !== null && t().took,
    budget !== null && budget !== undefined && t().budget(duration(Number(budget))),
  ].filter(Boolean);
  return (
    <Kpi
      label={t().time}
      beside={<span class="faint">{t().parallel(asked.limits.parallel)}</span>}
      figure={duration(Number(at.job.active_s) + Math.max(0, running))}
    >
      {foot.join(' · ')}
    </Kpi>
  );
}

function Spent({ sheet }: { sheet: Trials }) {
  const { spent, median } = timing(sheet, null, 1);
  return (
    <Kpi label={t().spent} figure={duration(spent)}>
      {t().spentHelp(duration(median))}
    </Kpi>
  );
}
