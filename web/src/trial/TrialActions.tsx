import { useSignal } from '@preact/signals';
import { ApiFailure, jobPath, post, type TrialDocument } from '../api/client';
import { words } from '../i18n/words';
import { Failure } from '../parts/Calm';
import { CopyButton } from '../parts/CopyButton';
import { Dialog } from '../parts/Dialog';
import { useJob, type Parameter } from '../state/job';
import { jobAddress } from '../state/router';
import { asFlags, asJson, asYaml, type Values } from './copies';
import { t } from './labels';

/** What can be done with a trial as it stands. */
export function TrialActions({ trial }: { trial: TrialDocument }) {
  const model = useJob();
  const { name, progress } = model;
  const isVarying = useSignal(false);
  const failure = useSignal<ApiFailure | undefined>(undefined);
  const added = useSignal<number | undefined>(undefined);
  const state = progress.value?.job.state;
  const isLive = state === 'running' || state === 'paused';
  const act = async (path: string, body?: unknown) => {
    try {
      const answer = await post<TrialDocument>(path, body);
      isVarying.value = false;
      failure.value = undefined;
      if (answer.number !== trial.number) added.value = answer.number;
      await model.refresh();
    } catch (error) {
      failure.value = error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
    }
  };
  const add = (parameters: Values) => void act(jobPath(name, 'trials'), { like: trial.number, parameters });
  return (
    <div class="card-tools">
      <span role="status">
        {added.value !== undefined && <a href={jobAddress(name, 'trials', added.value)}>{t().added(added.value)}</a>}
      </span>
      {isLive && ['queued', 'running', 'paused'].includes(trial.state) && (
        <button type="button" class="button danger" onClick={() => void act(jobPath(name, 'trials', trial.number, 'stop'))}>
          {t().stop}
        </button>
      )}
      {isLive && (
        <>
          <button type="button" class="button" onClick={() => add({})}>
            {t().again}
          </button>
          <button type="button" class="button" onClick={() => (isVarying.value = true)}>
            {t().vary}
          </button>
        </>
      )}
      {isVarying.value && (
        <Variation trial={trial} failure={failure.value} onRun={add} onClose={() => ((isVarying.value = false), (failure.value = undefined))} />
      )}
      {failure.value && !isVarying.value && (
        <Dialog title={words().trialNumber(trial.number)} onClose={() => (failure.value = undefined)}>
          <Failure failure={failure.value} />
        </Dialog>
      )}
    </div>
  );
}

export function CopyParameters({ values }: { values: Values }) {
  return (
    <div class="row small" role="group" aria-label={t().copy}>
      <span class="faint">{t().copy}</span>
      <CopyButton text={() => asFlags(values)}>{t().flags}</CopyButton>
      <CopyButton text={() => asJson(values)}>JSON</CopyButton>
      <CopyButton text={() => asYaml(values)}>YAML</CopyButton>
    </div>
  );
}

interface VariationProps {
  readonly trial: TrialDocument;
  readonly failure: ApiFailure | undefined;
  readonly onRun: (parameters: Values) => void;
  readonly onClose: () => void;
}

/** The parameters of a trial, to be changed and run. */
function Variation({ trial, failure, onRun, onClose }: VariationProps) {
  const { spec } = useJob();
  const changed = useSignal<Values>({});
  const parameters = spec.value?.parameters.filter(({ name }) => name in trial.parameters) ?? [];
  const set = (name: string, value: Values[string]) => (changed.value = { ...changed.value, [name]: value });
  const run = (event: Event) => {
    event.preventDefault();
    onRun(changed.value);
  };
  return (
    <Dialog title={t().varyTitle(trial.number)} onClose={onClose}>
      <form class="stack" onSubmit={run}>
        <p class="faint">{t().varyHelp}</p>
        <div class="vary">
          {parameters.map((parameter) => (
            <label class="field" key={parameter.name}>
              <span class="break">{parameter.name}</span>
              <Input
                parameter={parameter}
                value={changed.value[parameter.name] ?? (trial.parameters[parameter.name] as Values[string])}
                onChange={(value) => set(parameter.name, value)}
              />
            </label>
          ))}
        </div>
        {failure && <Failure failure={failure} />}
        <div class="row end">
          <button type="button" class="button" onClick={onClose}>
            {words().cancel}
          </button>
          <button type="submit" class="button primary">
            {t().run}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface InputProps {
  readonly parameter: Parameter;
  readonly value: Values[string];
  readonly onChange: (value: Values[string]) => void;
}

function Input({ parameter, value, onChange }: InputProps) {
  if (!('choices' in parameter)) {
    return (
      <input
        type="number"
        step="any"
        required
        value={String(value)}
        onInput={(event) => !Number.isNaN(event.currentTarget.valueAsNumber) && onChange(event.currentTarget.valueAsNumber)}
      />
    );
  }
  const { choices } = parameter;
  return (
    <select value={choices.indexOf(value)} onChange={(event) => onChange(choices[Number(event.currentTarget.value)] as Values[string])}>
      {choices.map((choice, i) => (
        <option key={i} value={i}>
          {String(choice)}
        </option>
      ))}
    </select>
  );
}
