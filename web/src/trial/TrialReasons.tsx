import type { ComponentChildren } from 'preact';
import type { NumberedEvent, TrialDocument } from '../api/client';
import { Card } from '../parts/Card';
import { value } from '../state/format';
import { jobAddress } from '../state/router';
import { t } from './labels';

type Reasons = Readonly<Record<string, unknown>>;

/** Why these parameters were chosen: what the model expected, and what it knew nearby. */
export function WhySuggested({ trial }: { trial: TrialDocument }) {
  const { algorithm, acquisition, value: gain, predicted, neighbours, like, ...rest } = recordOf(trial.why);
  const expected = recordOf(predicted);
  const near = Array.isArray(neighbours) ? neighbours.map(recordOf) : [];
  const isSilent = Object.keys(recordOf(trial.why)).length === 0;
  return (
    <Card title={t().why}>
      {isSilent && <p class="faint">{t().whyNone}</p>}
      <dl class="pairs reasons">
        {algorithm !== undefined && <Pair name={t().algorithm}>{said(algorithm)}</Pair>}
        {acquisition !== undefined && (
          <Pair name={t().acquisition}>
            {said(acquisition)} {gain !== undefined && gain !== null && said(gain)}
          </Pair>
        )}
        {expected.mean !== undefined && expected.mean !== null && (
          <Pair name={t().expected}>
            {said(expected.mean)} <span class="usual">{t().between(said(expected.low), said(expected.high))}</span>
          </Pair>
        )}
        {typeof like === 'number' && (
          <Pair name={t().like}>
            <a href={jobAddress(trial.job, 'trials', like)}>#{like}</a>
          </Pair>
        )}
        {near.length > 0 && (
          <Pair name={t().neighbours}>
            {near.map((one) => (
              <div key={String(one.trial)}>
                <a href={jobAddress(trial.job, 'trials', Number(one.trial))}>#{String(one.trial)}</a> {said(one.value)}{' '}
                <span class="usual">{t().away(said(one.distance))}</span>
              </div>
            ))}
          </Pair>
        )}
        {Object.entries(rest).map(([name, one]) => (
          <Pair key={name} name={name}>
            {said(one)}
          </Pair>
        ))}
      </dl>
    </Card>
  );
}

/** Why a rule ended or paused a trial: its words, its numbers, and what it expected at the end. */
export function WhyStopped({ events }: { events: readonly NumberedEvent[] }) {
  const decided = events.flatMap(({ event }) => (event.kind === 'stop_decided' ? [event] : [])).at(-1);
  if (!decided) return null;
  return (
    <Card title={t().stopped}>
      <p class="break">{decided.message}</p>
      <dl class="pairs reasons">
        <Pair name={t().rule}>{decided.rule}</Pair>
        {decided.expected && (
          <Pair name={t().wouldEnd}>
            {value(decided.expected.value)} <span class="usual">± {value(decided.expected.sd)}</span>
          </Pair>
        )}
        {Object.entries(recordOf(decided.numbers)).map(([name, one]) => (
          <Pair key={name} name={name}>
            {said(one)}
          </Pair>
        ))}
      </dl>
    </Card>
  );
}

export function Pair({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt class="break">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** An object of the server's whose keys are free; anything else is an empty one. */
function recordOf(given: unknown): Reasons {
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Reasons) : {};
}

/** Whatever a suggester or a rule wrote, as words. */
export function said(given: unknown): string {
  if (given === null || given === undefined) return value(null);
  if (typeof given === 'number' || typeof given === 'string' || typeof given === 'boolean') return value(given);
  if (Array.isArray(given)) return given.map(said).join(', ');
  return Object.entries(given)
    .map(([name, one]) => `${name} ${said(one)}`)
    .join(', ');
}
