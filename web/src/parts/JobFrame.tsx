import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { JobContext, JobModel, useJob } from '../state/job';
import { jobAddress, path, place } from '../state/router';
import { statusOf } from '../state/statuses';
import { Empty, Failure, Skeleton } from './Calm';
import { JobActions } from './JobActions';
import { StatusMark } from './StatusMark';

const t = messages(
  {
    overview: 'Overview',
    charts: 'Charts',
    config: 'Config',
    events: 'Events',
    parts: 'Parts of the job',
    deleted: 'This job was deleted',
    toJobs: 'To the jobs',
    side: (names: string) => `side metrics ${names}`,
    parameters: (count: number) => (count === 1 ? '1 parameter' : `${count} parameters`),
    parallel: (count: number) => `${count} parallel`,
  },
  {
    zh: {
      overview: '概览',
      charts: '图表',
      config: '配置',
      events: '事件',
      parts: '任务的各部分',
      deleted: '此任务已被删除',
      toJobs: '前往任务列表',
      side: (names: string) => `附加指标 ${names}`,
      parameters: (count: number) => `${count} 个参数`,
      parallel: (count: number) => `并行 ${count}`,
    },
    ko: {
      overview: '개요',
      charts: '차트',
      config: '구성',
      events: '이벤트',
      parts: '작업의 부분',
      deleted: '이 작업은 삭제되었습니다',
      toJobs: '작업 목록으로',
      side: (names: string) => `보조 측정항목 ${names}`,
      parameters: (count: number) => `매개변수 ${count}개`,
      parallel: (count: number) => `병렬 ${count}`,
    },
  },
);

/** What surrounds the pages of one job, and keeps what they share. */
export function JobFrame({ name, children }: { name: string; children: ComponentChildren }) {
  const model = useMemo(() => new JobModel(name), [name]);
  useEffect(() => {
    model.start();
    document.title = `${name} · Dowse`;
    return () => model.stop();
  }, [model]);
  if (model.isDeleted.value) return <Gone />;
  const isKnown = model.progress.value !== undefined && model.spec.value !== undefined;
  const failure = model.failure.value;
  if (!isKnown && failure) return <Failure failure={failure} retry={() => void model.refresh()} isPage />;
  return (
    <JobContext.Provider value={model}>
      <Heading />
      <Tabs name={name} />
      {isKnown ? children : <Skeleton height={160} lines={5} />}
    </JobContext.Provider>
  );
}

function Gone() {
  return (
    <Empty title={t().deleted} isPage>
      <a class="button" href="/jobs">
        {t().toJobs}
      </a>
    </Empty>
  );
}

function Heading() {
  const { name, progress } = useJob();
  const job = progress.value?.job;
  return (
    <header class="page-head">
      <nav class="crumbs" aria-label={words().jobs}>
        <a href="/jobs">{words().jobs}</a> / <span class="break">{name}</span>
      </nav>
      <div class="page-title">
        <h1 class="break">{name}</h1>
        {job && <StatusMark status={statusOf(job.state, job.reason)} pill />}
        <JobActions />
      </div>
      {job?.message && <p class="break faint">{job.message}</p>}
      <About />
    </header>
  );
}

/** What is sought, and how, in one line. */
function About() {
  const { spec } = useJob();
  const found = spec.value;
  if (!found) return <Skeleton lines={1} />;
  const several = found.objectives.length > 1;
  return (
    <p class="about break">
      {found.algorithm.name}
      {found.objectives.map(({ metric, goal }, k) => (
        <span key={metric}>
          {several && k > 0 ? ', ' : ' · '}
          {words()[goal]} <b>{metric}</b>
        </span>
      ))}
      {found.metric_limits.map(({ metric, at_most: most, at_least: least }) => ` · ${metric} ${most != null ? `≤ ${most}` : `≥ ${least}`}`)}
      {found.side_metrics.length > 0 && ` · ${t().side(found.side_metrics.join(', '))}`}
      {` · ${t().parameters(found.parameters.length)} · ${t().parallel(found.limits.parallel)}`}
    </p>
  );
}

function Tabs({ name }: { name: string }) {
  const { trials } = useJob();
  const tabs = [
    { to: jobAddress(name), text: t().overview },
    { to: jobAddress(name, 'trials'), text: words().trials, count: trials.value?.count },
    { to: jobAddress(name, 'charts'), text: t().charts },
    { to: jobAddress(name, 'config'), text: t().config },
    { to: jobAddress(name, 'events'), text: t().events },
  ];
  return (
    <nav class="tabs" aria-label={t().parts}>
      {tabs.map(({ to, text, count }, i) => {
        const isHere = path.value === to || (i > 0 && path.value.startsWith(`${to}/`));
        // The filter goes along: it is one for all views.
        return (
          <a key={to} href={to + kept(place.value.search)} aria-current={isHere ? 'page' : undefined}>
            {text}{' '}
            {count !== undefined && <span class="tab-count">{count}</span>}
          </a>
        );
      })}
    </nav>
  );
}

const SHARED = ['f', 'brush', 'status', 'top'];

function kept(search: string): string {
  const query = new URLSearchParams(search);
  for (const key of [...query.keys()]) if (!SHARED.includes(key)) query.delete(key);
  const text = query.toString();
  return text && `?${text}`;
}
