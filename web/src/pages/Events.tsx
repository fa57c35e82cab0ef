import { get, jobPath, type EventsDocument, type NumberedEvent } from '../api/client';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { Segmented } from '../parts/Segmented';
import { moment, number, value } from '../state/format';
import { useJob } from '../state/job';
import { useResource } from '../state/resource';
import { jobAddress, query, setQuery } from '../state/router';
import { statusOf } from '../state/statuses';
import { StatusMark } from '../parts/StatusMark';

const t = messages(
  {
    title: 'Events',
    which: 'Which events',
    all: 'all',
    job: 'of the job',
    problems: 'problems',
    submitted: (dialect: string) => `Submitted as ${dialect}`,
    wanted: (after: string) => `Asked to ${after}`,
    suggested: 'suggested',
    stopping: 'is being ended',
    because: (rule: string) => `stopped by ${rule}`,
    more: 'Show earlier events',
    none: 'Nothing of that kind has happened',
    order: 'The newest first',
  },
  {
    zh: {
      title: '事件',
      which: '哪些事件',
      all: '全部',
      job: '任务事件',
      problems: '问题',
      submitted: (dialect: string) => `以 ${dialect} 格式提交`,
      wanted: (after: string) => `请求:${after}`,
      suggested: '已建议',
      stopping: '正在结束',
      because: (rule: string) => `被 ${rule} 停止`,
      more: '显示更早的事件',
      none: '没有此类事件',
      order: '最新的在前',
    },
    ko: {
      title: '이벤트',
      which: '표시할 이벤트',
      all: '전체',
      job: '작업 이벤트',
      problems: '문제',
      submitted: (dialect: string) => `${dialect} 형식으로 제출됨`,
      wanted: (after: string) => `요청: ${after}`,
      suggested: '제안됨',
      stopping: '종료하는 중',
      because: (rule: string) => `${rule} 규칙으로 중지`,
      more: '이전 이벤트 보기',
      none: '해당하는 이벤트가 없습니다',
      order: '최신 순',
    },
  },
);

type Kind = 'all' | 'job' | 'problems';

const PAGE = 100;
const ASKED_AT_ONCE = 5000;

export default function Events() {
  const { name, progress } = useJob();
  const last = progress.value?.last_event ?? 0;
  const shown = Number(query.value.get('shown')) || PAGE;
  const from = Math.max(0, last - shown);
  const found = useResource(
    `${name} ${from}`,
    async (abort) =>
      (await get<EventsDocument>(jobPath(name, 'events'), { after: from, limit: ASKED_AT_ONCE }, abort)).events,
    (happening) => happening.job === name,
  );
  const kind = (query.value.get('kind') ?? 'all') as Kind;
  const events = found.data.value?.filter((one) => fits(one, kind)).toReversed();
  return (
    <Card
      title={t().title}
      beside={<span class="faint small">{t().order}</span>}
      tools={
        <Segmented
          label={t().which}
          options={{ all: t().all, job: t().job, problems: t().problems }}
          value={kind}
          onChange={(chosen) => setQuery({ kind: chosen === 'all' ? null : chosen })}
        />
      }
    >
      {found.failure.value && !events && <Failure failure={found.failure.value} retry={() => void found.refresh()} />}
      {!events && !found.failure.value && <Skeleton lines={8} />}
      {events?.length === 0 && <p class="faint">{t().none}</p>}
      <ol class="events">
        {events?.map((one) => (
          <li key={one.number}>
            <time class="faint small" dateTime={new Date(Number(one.time) * 1000).toISOString()}>
              {moment(Number(one.time))}
            </time>
            <p class="break">
              <Said event={one.event} job={name} />
            </p>
          </li>
        ))}
      </ol>
      {from > 0 && (
        <button type="button" class="button" onClick={() => setQuery({ shown: String(shown + PAGE) })}>
          {t().more}
        </button>
      )}
    </Card>
  );
}

function fits({ event }: NumberedEvent, kind: Kind): boolean {
  if (kind === 'all') return true;
  if (kind === 'job') return !('trial' in event) || event.trial === null || event.trial === undefined;
  return event.kind === 'noted' || ('after' in event && event.after === 'failed');
}

/** What happened, in words. What a program or a person wrote is shown as it is, as text. */
export function Said({ event, job }: { event: NumberedEvent['event']; job: string }) {
  const trial = 'trial' in event && typeof event.trial === 'number' && (
    <a href={jobAddress(job, 'trials', event.trial)}>{words().trialNumber(event.trial)}</a>
  );
  switch (event.kind) {
    case 'job_submitted':
      return <>{t().submitted(event.dialect)}</>;
    case 'job_changed':
    case 'trial_changed':
      return (
        <>
          {trial}{' '}
          {event.after === 'stopping' ? t().stopping : <StatusMark status={statusOf(event.after, event.reason)} />}{' '}
          {'objective' in event && event.objective !== null && event.objective !== undefined && (
            <b class="mono">{number(event.objective)}</b>
          )}{' '}
          {event.message}
        </>
      );
    case 'intent_changed':
      return <>{t().wanted(event.after)}</>;
    case 'trial_suggested':
      return (
        <>
          {trial} {t().suggested}{' '}
          <span class="mono faint">
            {Object.entries(event.parameters)
              .map(([key, one]) => `${key} ${value(one)}`)
              .join(' · ')}
          </span>
        </>
      );
    case 'stop_decided':
      return (
        <>
          {trial} {t().because(event.rule)}: {event.message}
        </>
      );
    case 'noted':
      return (
        <>
          {trial} {event.message}
        </>
      );
    default:
      return <>{JSON.stringify(event)}</>;
  }
}
