import type { PreviewDocument } from '../api/client';
import { words } from '../i18n/words';

/** The first trials of a draft as they would be started. */
export function Preview({ found }: { found: PreviewDocument }) {
  return (
    <div class="stack">
      {found.trials.map((trial) => (
        <div key={trial.number} class="preview-trial">
          <strong>{words().trialNumber(trial.number)}</strong>
          <pre>{trial.command}</pre>
          <pre class="faint small">
            {Object.entries(trial.environment)
              .map(([name, value]) => `${name}=${value}`)
              .join('\n')}
          </pre>
        </div>
      ))}
    </div>
  );
}
