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
    beyond: 'No trial keeps every limit',
    several: 'Several objectives have no single best trial:',
    front: 'the front',
    flags: 'Copy as flags',
  },
  {
    zh: {
      title: '最佳试验',
      open: '打开',
      beyond: '没有试验满足全部限制',
      several: '多个目标没有唯一的最佳试验:',
      front: '前沿',
      flags: '复制为命令行参数',
    },
    ko: {
      title: '최고 시행',
      open: '열기',
      beyond: '모든 제한을 지키는 시행이 없습니다',
      several: '목표가 여럿이면 하나의 최고 시행은 없습니다:',
      front: '프런트',
      flags: '플래그로 복사',
    },
  },
);

/** The configuration to take home, and what to do next. */
export function BestTrial() {
  const { name, trials, isOver } = useJob();
  const sheet = trials.value;
  if (!sheet) return null;
  const best = sheet.best;
  if (best === undefined) {
    return (
      <Card title={t().title}>
        <p class="faint">
          {sheet.objectives.length > 1 ? (
            <>
              {t().several} <a href={jobAddress(name, 'charts', 'pareto')}>{t().front}</a>
            </>
          ) : sheet.limits.length > 0 && sheet.objective.some(Number.isFinite) ? (
            t().beyond
          ) : (
            words().noResult(isOver.value)
          )}
        </p>
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
