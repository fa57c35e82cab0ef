import { useEffect } from 'preact/hooks';
import { get, jobPath, type ProgressDocument, type TrialDocument } from '../api/client';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { Empty, Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { StatusMark } from '../parts/StatusMark';
import { now } from '../state/clock';
import { duration } from '../state/format';
import { useResource } from '../state/resource';
import { jobAddress } from '../state/router';
import { statusOf } from '../state/statuses';

const t = messages(
  {
    title: 'Workers',
    running: 'Running now',
    none: 'No trial is running',
    noneHelp: 'Trials run on this server as soon as a job has some and there is room. Studies give theirs to their own clients.',
    since: 'Runs for',
    where: 'Runs on',
    here: 'this server',
    latest: 'Last report',
  },
  {
    zh: {
      title: '工作进程',
      running: '正在运行',
      none: '没有正在运行的试验',
      noneHelp: '任务有试验且有空位时,试验会在此服务器上运行。研究会把试验交给各自的客户端。',
      since: '已运行',
      where: '运行于',
      here: '此服务器',
      latest: '最近报告',
    },
    ko: {
      title: '작업자',
      running: '지금 실행 중',
      none: '실행 중인 시행이 없습니다',
      noneHelp: '작업에 시행이 있고 자리가 나면 이 서버에서 실행됩니다. 스터디의 시행은 해당 클라이언트가 실행합니다.',
      since: '실행 시간',
      where: '실행 위치',
      here: '이 서버',
      latest: '마지막 보고',
    },
  },
);

interface Working {
  readonly trial: TrialDocument;
  readonly latest: string;
}

export default function Workers() {
  const found = useResource('workers', working, () => true);
  useEffect(() => {
    document.title = `${t().title} · Dowse`;
  }, []);
  const known = found.data.value;
  return (
    <>
      <h1>{t().title}</h1>
      {found.failure.value && !known && <Failure failure={found.failure.value} retry={() => void found.refresh()} />}
      {!known && !found.failure.value && <Skeleton height={200} />}
      {known?.length === 0 && (
        <Empty title={t().none}>
          <p>{t().noneHelp}</p>
        </Empty>
      )}
      {known !== undefined && known.length > 0 && <Running all={known} />}
    </>
  );
}

function Running({ all }: { all: readonly Working[] }) {
  return (
    <Card title={t().running} beside={<span class="faint">{all.length}</span>}>
      <table class="table stacking">
        <thead>
          <tr>
            <th scope="col">{words().trial}</th>
            <th scope="col">{words().status}</th>
            <th scope="col">{t().where}</th>
            <th scope="col" class="number">
              {t().since}
            </th>
            <th scope="col" class="number">
              {t().latest}
            </th>
          </tr>
        </thead>
        <tbody>
          {all.map(({ trial, latest }) => (
            <tr key={`${trial.job} ${trial.number}`}>
              <td>
                <a class="break" href={jobAddress(trial.job, 'trials', trial.number)}>
                  {trial.job} #{trial.number}
                </a>
              </td>
              <td>
                <StatusMark status={statusOf(trial.state, trial.reason)} />
              </td>
              <td class="break">{trial.client ?? t().here}</td>
              <td class="number">{duration(now.value - Number(trial.started_at ?? now.value))}</td>
              <td class="number mono">{latest}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

async function working(abort: AbortSignal): Promise<readonly Working[]> {
  const jobs = await get<{ jobs: { name: string }[] }>('/api/v1/jobs', { state: ['running', 'cancelling'] }, abort);
  const all = await Promise.all(
    jobs.jobs.map(({ name }) => get<ProgressDocument>(jobPath(name, 'progress'), {}, abort)),
  );
  return all.flatMap((progress) =>
    progress.live
      .filter((trial) => trial.state !== 'queued')
      .map((trial) => {
        const report = progress.latest[String(trial.number)];
        return { trial, latest: report ? `${report.metric} ${report.value} · ${report.step}` : '—' };
      }),
  );
}
