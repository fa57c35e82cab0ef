import { useEffect, useMemo } from 'preact/hooks';
import { get, jobPath, toNumber, type SpecDocument, type TrialDocument } from '../api/client';
import type { components } from '../api/schema';
import { ink } from '../charts/ink';
import { words } from '../i18n/words';
import { Empty, Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { ComparedCurves, type ComparedTrial } from '../trial/ComparedCurves';
import { StatusMark } from '../parts/StatusMark';
import { changesOf } from '../state/concerns';
import { number, reading, value } from '../state/format';
import { follow } from '../state/live';
import { useResource } from '../state/resource';
import { jobAddress, query, setQuery } from '../state/router';
import { statusOf } from '../state/statuses';
import { MOST_COMPARED, readCompared, type Named } from '../table/compared';
import { bestOf, beyond, differences, type Row } from '../table/differences';
import { t } from '../trial/labels';
import { TrialLog } from '../trial/TrialLog';

type Curves = components['schemas']['CurvesDocument'];

/** Two to eight trials of any jobs beside each other. */
export default function Compare() {
  const { trials, odd } = readCompared(query.value.get('t'));
  const shown = trials.slice(0, MOST_COMPARED);
  useEffect(() => {
    document.title = `${t().compare} · Dowse`;
  }, []);
  return (
    <>
      <div class="page-title">
        <h1>{t().compare}</h1>
      </div>
      {odd.length > 0 && <p class="problem break">{t().compareOdd(odd.join(', '))}</p>}
      {trials.length > shown.length && <p class="problem">{t().compareMore(MOST_COMPARED)}</p>}
      {shown.length === 0 ? <NothingChosen /> : <Beside chosen={shown} />}
    </>
  );
}

function NothingChosen() {
  return (
    <Empty title={t().compare}>
      <p>{t().compareHelp}</p>
      <a class="button" href="/jobs">
        {t().jobs}
      </a>
    </Empty>
  );
}

/** Everything of the chosen trials, asked for at once: what is compared must be of one moment. */
async function load(chosen: readonly Named[], abort: AbortSignal): Promise<readonly ComparedTrial[]> {
  const jobs = [...new Set(chosen.map(({ job }) => job))];
  const specs = new Map(await Promise.all(jobs.map(async (job) => [job, await get<SpecDocument>(jobPath(job, 'spec'), {}, abort)] as const)));
  return Promise.all(
    chosen.map(async ({ job, number: at }) => {
      const trial = await get<TrialDocument>(jobPath(job, 'trials', at), {}, abort);
      const curves = await get<Curves>(jobPath(job, 'curves'), { trials: at }, abort);
      const objective = specs.get(job)?.objectives[0];
      return { job, number: at, trial, metric: curves.metric, goal: objective?.goal ?? 'minimize', curve: curves.curves[0] };
    }),
  );
}

function Beside({ chosen }: { chosen: readonly Named[] }) {
  const key = chosen.map(({ job, number: at }) => `${job}:${at}`).join();
  const concerns = useMemo(() => changesOf(chosen), [key]);
  const found = useResource(
    key,
    (abort) => load(chosen, abort),
    concerns,
  );
  useEffect(() => {
    const ends = [...new Set(chosen.map(({ job }) => job))].map(follow);
    return () => ends.forEach((end) => end());
  }, [key]);
  const trials = found.data.value;
  if (!trials) {
    const failure = found.failure.value;
    return failure ? <Failure failure={failure} retry={() => void found.refresh()} /> : <Skeleton height={320} />;
  }
  return (
    <>
      <Differences trials={trials} />
      <ComparedCurves trials={trials} />
      <section class="logs" aria-label={t().logs}>
        {trials.map(({ job, trial, number: at }) => (
          <TrialLog key={`${job}:${at}`} job={job} number={at} isRunning={trial.state === 'running'} title={`${t().log} · ${nameOf(trials, job, at)}`} />
        ))}
      </section>
    </>
  );
}

/** The job stands beside the number only where there are several. */
function nameOf(trials: readonly ComparedTrial[], job: string, at: number): string {
  return trials.every((one) => one.job === job) ? `#${at}` : `${job} #${at}`;
}

function Differences({ trials }: { trials: readonly ComparedTrial[] }) {
  const compared = trials.map(({ trial }) => ({ objective: toNumber(trial.objective), parameters: trial.parameters }));
  const best = bestOf(compared, trials[0]?.goal ?? 'minimize');
  const rows = differences(compared);
  const same = rows.filter(({ differs }) => !differs);
  const drop = (gone: ComparedTrial) =>
    setQuery({ t: trials.filter((one) => one !== gone).map((one) => `${encodeURIComponent(one.job)}:${one.number}`).join(',') });
  return (
    <Card title={t().differing} beside={<span class="faint small">Δ {t().toBest}</span>}>
      <div class="scroll-x" tabIndex={0} role="region" aria-label={t().compare}>
        <table class="table compared">
          <thead>
            <tr>
              <th scope="col">{words().trial}</th>
              {trials.map((one, i) => {
                const name = nameOf(trials, one.job, one.number);
                return (
                  <th key={`${one.job}:${one.number}`} scope="col" data-best={i === best || undefined}>
                    <span class="swatch" style={{ background: ink.value.kind(i) }} aria-hidden="true" /> <a href={jobAddress(one.job, 'trials', one.number)}>{name}</a>
                    {i === best && <span class="star"> ★</span>}{' '}
                    <button type="button" class="link" aria-label={t().drop(name)} onClick={() => drop(one)}>
                      ×
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{words().status}</th>
              {trials.map(({ trial }, i) => (
                <td key={i}>
                  <StatusMark status={statusOf(trial.state, trial.reason)} />
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">{[...new Set(trials.map(({ metric }) => metric))].join(' / ')}</th>
              {compared.map(({ objective }, i) => (
                <td key={i}>
                  <b class={i === best ? 'objective' : ''}>{reading(objective)}</b>{' '}
                  <Apart value={objective} best={best === undefined ? undefined : compared[best]?.objective} />
                </td>
              ))}
            </tr>
            {rows.filter(({ differs }) => differs).map((row) => (
              <Parameter key={row.name} row={row} best={best} />
            ))}
          </tbody>
          {same.length > 0 && (
            <tbody class="faint">
              <tr>
                <th scope="rowgroup" colSpan={trials.length + 1}>
                  {t().same(same.length)}
                </th>
              </tr>
              {same.map((row) => (
                <Parameter key={row.name} row={row} best={best} />
              ))}
            </tbody>
          )}
        </table>
      </div>
    </Card>
  );
}

function Parameter({ row, best }: { row: Row; best: number | undefined }) {
  return (
    <tr>
      <th scope="row" class="break">
        {row.name}
      </th>
      {row.values.map((found, i) => (
        <td key={i} title={found === undefined ? undefined : String(found)}>
          <span class="break">{value(found)}</span> <Apart value={found} best={best === undefined ? undefined : row.values[best]} />
        </td>
      ))}
    </tr>
  );
}

function Apart({ value: found, best }: { value: string | number | boolean | undefined; best: string | number | boolean | undefined }) {
  const apart = beyond(found, best);
  if (apart === undefined) return null;
  return <span class="usual small">{`${apart > 0 ? '+' : '−'}${number(Math.abs(apart))}`}</span>;
}
