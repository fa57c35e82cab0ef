import { get, jobPath, type TrialDocument } from '../api/client';
import type { components } from '../api/schema';
import { words } from '../i18n/words';
import { Card } from '../parts/Card';
import { now } from '../state/clock';
import { duration, moment, number, reading } from '../state/format';
import { useJob } from '../state/job';
import { useResource } from '../state/resource';
import { t } from './labels';
import { Pair } from './TrialReasons';

/** What a trial came to, when and where. */
export function TrialFacts({ trial }: { trial: TrialDocument }) {
  const { trials } = useJob();
  const [started, ended] = [secondsOf(trial.started_at), secondsOf(trial.ended_at)];
  const took = (Number.isNaN(ended) ? now.value : ended) - started;
  return (
    <dl class="pairs">
      <Pair name={trials.value?.metric ?? words().value}>
        <span class="objective">{trial.objective === null ? '—' : number(trial.objective)}</span>
      </Pair>
      <Pair name={words().step}>{reading(trial.step ?? NaN)}</Pair>
      <Pair name={words().duration}>{duration(took)}</Pair>
      <Pair name={t().queuedAt}>{moment(secondsOf(trial.created_at))}</Pair>
      <Pair name={words().started}>{moment(started)}</Pair>
      <Pair name={t().ended}>{moment(ended)}</Pair>
      {trial.attempt > 1 && <Pair name={t().attempt}>{trial.attempt}</Pair>}
      {trial.client && <Pair name={words().worker}>{trial.client}</Pair>}
      {trial.exit_code !== null && <Pair name={t().exit}>{trial.exit_code}</Pair>}
      {trial.signal !== null && <Pair name={t().signal}>{trial.signal}</Pair>}
    </dl>
  );
}

function secondsOf(given: number | string | null): number {
  return given === null ? NaN : Number(given);
}

/** What was run, and with which surroundings. */
export function TrialCommand({ trial }: { trial: TrialDocument }) {
  const { spec } = useJob();
  const key = `${trial.job} ${trial.number} ${trial.attempt} ${trial.started_at}`;
  const found = useResource(key, (abort) => get<Command>(jobPath(trial.job, 'trials', trial.number, 'command'), {}, abort)).data.value;
  const launch = spec.value?.launch;
  if (!launch) return null;
  const variables = Object.entries(launch.env ?? {});
  return (
    <Card title={t().command}>
      <pre class="log" tabIndex={0} aria-label={t().program}>
        {found?.command ?? programOf(launch.program)}
      </pre>
      <dl class="pairs reasons">
        {launch.python && <Pair name={t().python}>{launch.python}</Pair>}
        {trial.output_dir && <Pair name={t().folder}>{trial.output_dir}</Pair>}
        {variables.map(([name, value]) => (
          <Pair key={name} name={name}>
            {value}
          </Pair>
        ))}
      </dl>
    </Card>
  );
}

type Command = components['schemas']['CommandDocument'];
type Program = NonNullable<ReturnType<typeof useJob>['spec']['value']>['launch']['program'];

function programOf(program: Program): string {
  switch (program.kind) {
    case 'argv':
      return program.words.join(' ');
    case 'shell':
      return program.text;
    case 'python_module':
      return ['python', '-m', program.module, ...program.arguments].join(' ');
    default:
      return program.kind;
  }
}
