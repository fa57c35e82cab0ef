import { useEffect, useMemo } from 'preact/hooks';
import { get, jobPath, type EventsDocument, type TrialDocument } from '../api/client';
import { words } from '../i18n/words';
import { Empty, Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { Said } from '../parts/Said';
import { StarButton, toggleStar } from '../parts/StarButton';
import { StatusMark } from '../parts/StatusMark';
import { changesOf } from '../state/concerns';
import { moment } from '../state/format';
import { useJob } from '../state/job';
import { useResource } from '../state/resource';
import { jobAddress, navigate, type PageProps } from '../state/router';
import { useShortcuts } from '../state/shortcuts';
import { statusOf } from '../state/statuses';
import { t } from '../trial/labels';
import { TrialActions } from '../trial/TrialActions';
import { TrialCurves } from '../trial/TrialCurves';
import { TrialCommand, TrialFacts } from '../trial/TrialFacts';
import { TrialFiles } from '../trial/TrialFiles';
import { TrialLog } from '../trial/TrialLog';
import { TrialParameters } from '../trial/TrialParameters';
import { TrialTags } from '../trial/TrialTags';
import { WhyStopped, WhySuggested } from '../trial/TrialReasons';

const MOST_EVENTS = 1000;

/** One trial: what it was given and why, what it came to and why it ended. */
export default function Trial({ params }: PageProps) {
  const { name } = useJob();
  const text = params.number ?? '';
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    return (
      <Empty title={t().noSuch(text)}>
        <a class="button" href={jobAddress(name, 'trials')}>
          {t().toTrials}
        </a>
      </Empty>
    );
  }
  return <OneTrial key={number} job={name} number={number} />;
}

function OneTrial({ job, number }: { job: string; number: number }) {
  const model = useJob();
  const { trials } = model;
  const concerns = useMemo(() => changesOf([{ job, number }]), [job, number]);
  const found = useResource(`${job} ${number}`, (abort) => get<TrialDocument>(jobPath(job, 'trials', number), {}, abort), concerns);
  const history = useResource(
    `${job} ${number} events`,
    async (abort) => (await get<EventsDocument>(jobPath(job, 'events'), { trial: number, limit: MOST_EVENTS }, abort)).events,
    concerns,
  );
  useEffect(() => {
    document.title = `#${number} · ${job} · Dowse`;
  }, [job, number]);
  const sheet = trials.value;
  const beside = (by: number) => sheet && sheet.number[(sheet.place(number) ?? NaN) + by];
  const go = (by: number) => () => beside(by) !== undefined && navigate(jobAddress(job, 'trials', beside(by) as number));
  useShortcuts([
    { key: 'j', says: () => t().next, run: go(1) },
    { key: 'k', says: () => t().previous, run: go(-1) },
    { key: 's', says: () => t().star, run: () => void toggleStar(model, number) },
  ]);
  const trial = found.data.value;
  if (!trial) {
    const failure = found.failure.value;
    return failure ? <Failure failure={failure} retry={() => void found.refresh()} /> : <Skeleton height={200} />;
  }
  const events = history.data.value ?? [];
  const isBest = sheet !== undefined && sheet.best !== undefined && sheet.number[sheet.best] === number;
  const isRunning = ['running', 'stopping'].includes(trial.state);
  return (
    <>
      <Card
        title={
          <>
            <StarButton number={number} /> {words().trialNumber(number)} {isBest && <span class="star">★ {words().best}</span>}
          </>
        }
        beside={<StatusMark status={statusOf(trial.state, trial.reason)} pill />}
        tools={<TrialActions trial={trial} />}
      >
        {trial.message && <p class="break trial-message">{trial.message}</p>}
        <TrialFacts trial={trial} />
        <TrialTags number={number} />
      </Card>
      <div class="split">
        <TrialCurves number={number} />
        <div class="stack">
          <TrialParameters trial={trial} />
          <WhyStopped events={events} />
          <WhySuggested trial={trial} />
        </div>
      </div>
      <TrialLog job={job} number={number} isRunning={isRunning} />
      <div class="split">
        <Card title={t().events}>
          {history.failure.value && events.length === 0 && <Failure failure={history.failure.value} retry={() => void history.refresh()} />}
          <ol class="events">
            {events.map((one) => (
              <li key={one.number}>
                <time class="faint small">{moment(Number(one.time))}</time>
                <p class="break">
                  <Said event={one.event} job={job} />
                </p>
              </li>
            ))}
          </ol>
        </Card>
        <div class="stack">
          <TrialFiles job={job} number={number} state={trial.state} />
          <TrialCommand trial={trial} />
        </div>
      </div>
    </>
  );
}
