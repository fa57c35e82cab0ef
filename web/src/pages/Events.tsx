import { get, jobPath, type EventsDocument, type NumberedEvent } from '../api/client';
import { messages } from '../i18n/messages';
import { Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { Said } from '../parts/Said';
import { Segmented } from '../parts/Segmented';
import { moment } from '../state/format';
import { useJob } from '../state/job';
import { useResource } from '../state/resource';
import { query, setQuery } from '../state/router';

const t = messages(
  {
    title: 'Events',
    which: 'Which events',
    all: 'all',
    job: 'of the job',
    problems: 'problems',
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
  const shown = Number(query.value.get('shown')) || PAGE;
  const found = useResource(
    `${name} ${shown}`,
    async (abort) => {
      const from = Math.max(0, (progress.peek()?.last_event ?? 0) - shown);
      const { events } = await get<EventsDocument>(jobPath(name, 'events'), { after: from, limit: ASKED_AT_ONCE }, abort);
      return { from, events };
    },
    (happening) => happening.job === name && happening.kind === 'job',
  );
  const kind = (query.value.get('kind') ?? 'all') as Kind;
  const events = found.data.value?.events.filter((one) => fits(one, kind)).toReversed();
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
      {found.data.value !== undefined && found.data.value.from > 0 && (
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
