import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { JobSummary } from '../api/client';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { CopyButton } from '../parts/CopyButton';
import { Empty, Failure, Skeleton } from '../parts/Calm';
import { JobRow } from '../parts/JobRow';
import { jobAddress, navigate, query, setQuery } from '../state/router';
import { useJobs } from '../state/jobs';
import { useShortcuts } from '../state/shortcuts';
import { MARKS, STATUSES, statusOf, type Status } from '../state/statuses';

const t = messages(
  {
    newJob: 'New job',
    search: 'Search by name',
    byStatus: 'By status',
    all: 'all',
    empty: 'No jobs yet',
    emptyHelp: 'A job file says what to tune and how. Begin with one of these:',
    fromHere: 'Make one here',
    fromCli: 'On the command line',
    noMatch: 'No job fits',
    relax: 'Show all jobs',
    progress: 'Trials',
    best: 'Best',
    course: 'How it came about',
    saved: 'Saved',
    actions: 'Actions',
    next: 'Next job',
    previous: 'Previous job',
    open: 'Open the job',
    more: (count: number) => `Show ${count} more`,
    count: (shown: number, all: number) => (shown === all ? `${all}` : `${shown} of ${all}`),
  },
  {
    zh: {
      newJob: '新建任务',
      search: '按名称搜索',
      byStatus: '按状态',
      all: '全部',
      empty: '还没有任务',
      emptyHelp: '任务文件说明要调优什么以及如何调优。可从以下方式开始:',
      fromHere: '在此创建',
      fromCli: '在命令行中',
      noMatch: '没有符合的任务',
      relax: '显示全部任务',
      progress: '试验',
      best: '最佳',
      course: '变化过程',
      saved: '节省',
      actions: '操作',
      next: '下一个任务',
      previous: '上一个任务',
      open: '打开任务',
      more: (count: number) => `再显示 ${count} 个`,
      count: (shown: number, all: number) => (shown === all ? `${all}` : `${shown} / ${all}`),
    },
    ko: {
      newJob: '새 작업',
      search: '이름으로 검색',
      byStatus: '상태별',
      all: '전체',
      empty: '아직 작업이 없습니다',
      emptyHelp: '작업 파일은 무엇을 어떻게 조정할지 정합니다. 다음 중 하나로 시작하세요:',
      fromHere: '여기서 만들기',
      fromCli: '명령줄에서',
      noMatch: '맞는 작업이 없습니다',
      relax: '모든 작업 보기',
      progress: '시행',
      best: '최고',
      course: '변화 과정',
      saved: '절약',
      actions: '작업',
      next: '다음 작업',
      previous: '이전 작업',
      open: '작업 열기',
      more: (count: number) => `${count}개 더 보기`,
      count: (shown: number, all: number) => (shown === all ? `${all}` : `${all}개 중 ${shown}개`),
    },
  },
);

const PAGE = 30;
const COMMAND = 'dowse init && dowse run';

export default function Jobs() {
  const jobs = useJobs();
  useEffect(() => {
    document.title = `${words().jobs} · Dowse`;
  }, []);
  const known = jobs.data.value;
  return (
    <>
      <div class="page-title">
        <h1>{words().jobs}</h1>
        <div class="actions">
          <a class="button primary" href="/jobs/new">
            {t().newJob}
          </a>
        </div>
      </div>
      {jobs.failure.value && !known && <Failure failure={jobs.failure.value} retry={() => void jobs.refresh()} />}
      {!known && !jobs.failure.value && <Skeleton height={300} />}
      {known?.length === 0 && <NoJobs />}
      {known !== undefined && known.length > 0 && <JobList jobs={known} onChange={() => jobs.refresh()} />}
    </>
  );
}

function NoJobs() {
  return (
    <Empty title={t().empty}>
      <p>{t().emptyHelp}</p>
      <div class="row">
        <a class="button primary" href="/jobs/new">
          {t().fromHere}
        </a>
        <CopyButton text={() => COMMAND}>
          {t().fromCli}: <code>{COMMAND}</code>
        </CopyButton>
      </div>
    </Empty>
  );
}

function JobList({ jobs, onChange }: { jobs: readonly JobSummary[]; onChange: () => unknown }) {
  const shown = useSignal(PAGE);
  const at = useSignal(0);
  const name = query.value.get('name') ?? '';
  const status = query.value.get('status');
  const named = jobs.filter((job) => job.name.toLocaleLowerCase().includes(name.toLocaleLowerCase()));
  const found = named.filter((job) => !status || statusOf(job.state, job.reason) === status);
  const page = found.slice(0, shown.value);
  const step = (by: number) => () => {
    at.value = Math.min(page.length - 1, Math.max(0, at.value + by));
    document.querySelector<HTMLElement>(`[data-row="${at.value}"] a`)?.focus();
  };
  useShortcuts([
    { key: 'j', says: () => t().next, run: step(1) },
    { key: 'k', says: () => t().previous, run: step(-1) },
    {
      key: 'Enter',
      says: () => t().open,
      run: () => page[at.value] && navigate(jobAddress((page[at.value] as JobSummary).name)),
    },
  ]);
  return (
    <section class="card" aria-label={words().jobs}>
      <div class="card-head">
        <input
          type="search"
          class="search"
          aria-label={t().search}
          placeholder={t().search}
          value={name}
          onInput={(event) => setQuery({ name: event.currentTarget.value })}
        />
        <StatusChips jobs={named} chosen={status} />
        <span class="faint small" role="status">
          {t().count(found.length, jobs.length)}
        </span>
      </div>
      {found.length === 0 ? (
        <Empty title={t().noMatch}>
          <button type="button" class="button" onClick={() => setQuery({ name: null, status: null })}>
            {t().relax}
          </button>
        </Empty>
      ) : (
        <table class="table stacking">
          <thead>
            <tr>
              <th scope="col">{words().name}</th>
              <th scope="col">{words().status}</th>
              <th scope="col" class="number">
                {t().best}
              </th>
              <th scope="col">
                <span class="visually-hidden">{t().course}</span>
              </th>
              <th scope="col">{t().progress}</th>
              <th scope="col" class="number">
                {t().saved}
              </th>
              <th scope="col">{words().started}</th>
              <th scope="col">
                <span class="visually-hidden">{t().actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {page.map((job, i) => (
              <JobRow key={job.id} job={job} row={i} onFocus={() => (at.value = i)} onChange={onChange} />
            ))}
          </tbody>
        </table>
      )}
      {found.length > page.length && (
        <button type="button" class="button" onClick={() => (shown.value += PAGE)}>
          {t().more(Math.min(PAGE, found.length - page.length))}
        </button>
      )}
    </section>
  );
}

function StatusChips({ jobs, chosen }: { jobs: readonly JobSummary[]; chosen: string | null }) {
  const counts = new Map<Status, number>();
  for (const job of jobs) {
    const status = statusOf(job.state, job.reason);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  const there = STATUSES.filter((status) => counts.has(status) || status === chosen);
  return (
    <div class="row" role="group" aria-label={t().byStatus}>
      {there.map((status) => (
        <button
          type="button"
          key={status}
          class="button small"
          aria-pressed={chosen === status}
          onClick={() => setQuery({ status: chosen === status ? null : status })}
        >
          <span class="status" data-status={status}>
            <span class="status-shape" aria-hidden="true">
              {MARKS[status]}
            </span>
            {words()[status]}
          </span>
          <span class="faint">{counts.get(status) ?? 0}</span>
        </button>
      ))}
    </div>
  );
}
