import { median } from 'd3-array';
import type { TrialDocument } from '../api/client';
import { words } from '../i18n/words';
import { Card } from '../parts/Card';
import { percent, value } from '../state/format';
import { useJob } from '../state/job';
import type { Column } from '../state/trials';
import { t } from './labels';
import { CopyParameters } from './TrialActions';

/** What a trial was given, each value beside what the job usually has. */
export function TrialParameters({ trial }: { trial: TrialDocument }) {
  const { trials } = useJob();
  const columns = trials.value?.parameters;
  return (
    <Card title={words().parameters} beside={<span class="faint small">{t().median} ⌀</span>}>
      <dl class="pairs parameters" tabIndex={0} aria-label={words().parameters}>
        {Object.entries(trial.parameters).map(([name, found]) => (
          <div key={name}>
            <dt class="break">{name}</dt>
            <dd>
              <span title={String(found)}>{value(found)}</span> <Usual column={columns?.get(name)} found={found} />
            </dd>
          </div>
        ))}
      </dl>
      <CopyParameters values={trial.parameters} />
    </Card>
  );
}

function Usual({ column, found }: { column: Column | undefined; found: string | number | boolean }) {
  if (column === undefined) return null;
  if (column.kind === 'codes') {
    const code = column.labels.indexOf(found);
    const all = column.codes.reduce((sum, one) => sum + Number(one >= 0), 0);
    const share = column.codes.reduce((sum, one) => sum + Number(one === code), 0) / Math.max(1, all);
    return <span class="usual">{t().share(percent(share))}</span>;
  }
  const middle = median(column.values);
  if (middle === undefined) return null;
  const arrow = Number(found) > middle ? '↑' : Number(found) < middle ? '↓' : '=';
  return (
    <span class="usual" title={`${t().median}: ${middle}`}>
      {arrow} ⌀ {value(middle)}
    </span>
  );
}
