import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { value } from '../state/format';
import { useJob } from '../state/job';
import { jobAddress } from '../state/router';
import { valueAt } from '../state/trials';
import { asFlags, asYaml } from '../trial/copies';
import { Advice } from './Advice';
import { Card } from './Card';
import { CopyButton } from './CopyButton';
import { Outputs } from './Outputs';

const t = messages(
  {
    title: 'Best trial',
    open: 'open',
    none: 'No trial has a result yet.',
    flags: 'Copy as flags',
  },
  {
    zh: {
      title: '最佳试验',
      open: '打开',
      none: '还没有试验有结果。',
      flags: '复制为命令行参数',
    },
    ko: {
      title: '최고 시행',
      open: '열기',
      none: '아직 결과가 있는 시행이 없습니다.',
      flags: '플래그로 복사',
    },
  },
);

/** The configuration to take home, and what to do next. */
export function BestTrial() {
  const { name, trials } = useJob();
  const sheet = trials.value;
  if (!sheet) return null;
  const best = sheet.ranking[0];
  if (best === undefined) {
    return (
      <Card title={t().title}>
        <p class="faint">{t().none}</p>
      </Card>
    );
  }
  const trial = sheet.number[best] as number;
  const values = [...sheet.parameters].flatMap(([key, column]) => {
    const found = valueAt(column, best);
    return found === null ? [] : [[key, found] as const];
  });
  return (
    <Card
      title={t().title}
      tools={
        <a href={jobAddress(name, 'trials', trial)}>
          {words().trialNumber(trial)} · {t().open}
        </a>
      }
    >
      <dl class="pairs best-values" tabIndex={values.length > FEW ? 0 : undefined}>
        {values.map(([key, found]) => (
          <div key={key}>
            <dt class="clip" title={key}>
              {key}
            </dt>
            <dd title={String(found)}>{value(found)}</dd>
          </div>
        ))}
      </dl>
      <div class="row">
        <Outputs trial={trial} />
        <CopyButton text={() => asFlags(Object.fromEntries(values))}>
          {t().flags}
        </CopyButton>
        <CopyButton text={() => asYaml(Object.fromEntries(values))}>
          YAML
        </CopyButton>
      </div>
      <Advice />
    </Card>
  );
}

/** More than these scroll. */
const FEW = 12;
