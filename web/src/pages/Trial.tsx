import { get, jobPath, type TrialDocument } from '../api/client';
import type { components } from '../api/schema';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { Outputs } from '../parts/Outputs';
import { StatusMark } from '../parts/StatusMark';
import type { PageProps } from '../routes';
import { moment, number, value } from '../state/format';
import { useJob } from '../state/job';
import { useResource } from '../state/resource';
import { statusOf } from '../state/statuses';

const t = messages(
  { log: 'Log', empty: 'It has printed nothing.', ended: 'Ended' },
  {
    zh: { log: '日志', empty: '没有任何输出。', ended: '结束' },
    ko: { log: '로그', empty: '출력된 내용이 없습니다.', ended: '종료' },
  },
);

type Log = components['schemas']['LogDocument'];

const TAIL_BYTES = 64_000;

/** One trial: what it was given, what it came to, what it printed. */
export default function Trial({ params }: PageProps) {
  const { name } = useJob();
  const at = Number(params.number);
  const found = useResource(
    `${name} ${at}`,
    (abort) => get<TrialDocument>(jobPath(name, 'trials', at), {}, abort),
    (happening) => happening.job === name,
  );
  const log = useResource(
    `${name} ${at} log`,
    (abort) => get<Log>(jobPath(name, 'trials', at, 'log'), { tail: TAIL_BYTES }, abort),
    (happening) => happening.job === name,
  );
  const trial = found.data.value;
  if (!trial) {
    const failure = found.failure.value;
    return failure ? <Failure failure={failure} retry={() => void found.refresh()} /> : <Skeleton height={200} />;
  }
  return (
    <>
      <Card
        title={words().trialNumber(at)}
        beside={<StatusMark status={statusOf(trial.state, trial.reason)} />}
        tools={<Outputs trial={at} />}
      >
        {trial.message && <p class="break">{trial.message}</p>}
        <dl class="pairs">
          <Pair name={words().value} value={number(trial.objective)} />
          <Pair name={words().step} value={number(trial.step)} />
          <Pair name={words().started} value={moment(Number(trial.started_at ?? NaN))} />
          <Pair name={t().ended} value={moment(Number(trial.ended_at ?? NaN))} />
        </dl>
      </Card>
      <Card title={words().parameters}>
        <dl class="pairs">
          {Object.entries(trial.parameters).map(([key, one]) => (
            <Pair key={key} name={key} value={value(one)} title={String(one)} />
          ))}
        </dl>
      </Card>
      <Card title={t().log}>
        {log.data.value?.text ? (
          <pre class="log" tabIndex={0} aria-label={t().log}>
            {log.data.value.text}
          </pre>
        ) : (
          <p class="faint">{t().empty}</p>
        )}
      </Card>
    </>
  );
}

function Pair({ name, value: shown, title = shown }: { name: string; value: string; title?: string }) {
  return (
    <div>
      <dt class="break">{name}</dt>
      <dd title={title}>{shown}</dd>
    </div>
  );
}
