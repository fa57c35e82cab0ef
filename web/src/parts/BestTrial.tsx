import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { number, value } from '../state/format';
import { useJob } from '../state/job';
import { jobAddress } from '../state/router';
import { valueAt, type Trials } from '../state/trials';
import { asFlags, asYaml } from '../trial/copies';
import { Card } from './Card';
import { CopyButton } from './CopyButton';
import { Outputs } from './Outputs';

const t = messages(
  {
    title: 'Best trial',
    open: 'open',
    none: 'No trial has a result yet.',
    flags: 'Copy as flags',
    inner: (names: string) => `The best 10 % sit in ${names}.`,
    next: 'Continue with suggested ranges',
  },
  {
    zh: {
      title: '最佳试验',
      open: '打开',
      none: '还没有试验有结果。',
      flags: '复制为命令行参数',
      inner: (names: string) => `最好的 10 % 位于 ${names}。`,
      next: '用建议的范围继续',
    },
    ko: {
      title: '최고 시행',
      open: '열기',
      none: '아직 결과가 있는 시행이 없습니다.',
      flags: '플래그로 복사',
      inner: (names: string) => `상위 10 %는 ${names}에 있습니다.`,
      next: '제안된 범위로 계속',
    },
  },
);

/** The configuration to take home, and where the next search would look. */
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
      <Advice sheet={sheet} />
    </Card>
  );
}

/** More than these scroll. */
const FEW = 12;
const LEAST = 20;
const SHOWN = 2;

function Advice({ sheet }: { sheet: Trials }) {
  const { name } = useJob();
  if (sheet.ranking.length < LEAST) return null;
  const spans = narrow(sheet).slice(0, SHOWN);
  return (
    <p class="advice small">
      {spans.length > 0 && t().inner(spans.map((one) => `${one.name} ${number(one.low)} – ${number(one.high)}`).join(', '))}{' '}
      <a href={jobAddress(name, 'extend')}>{t().next}</a>
    </p>
  );
}

/** Where the best tenth of the trials sits, the parameters that it narrows most in front. */
function narrow(sheet: Trials): readonly { name: string; low: number; high: number }[] {
  const top = sheet.ranking.slice(0, Math.max(8, Math.ceil(sheet.ranking.length / 10)));
  const found = [];
  for (const [name, column] of sheet.parameters) {
    if (column.kind !== 'numbers') continue;
    const all = [...column.values].filter(Number.isFinite).sort((a, b) => a - b);
    const inside = [...top].map((i) => column.values[i] as number).filter(Number.isFinite).sort((a, b) => a - b);
    if (inside.length < 8) continue;
    const [low, high] = [inside[0] as number, inside.at(-1) as number];
    // By ranks, so that a log scale and a linear one are judged alike.
    const share = all.filter((one) => one >= low && one <= high).length / all.length;
    found.push({ name, low, high, share });
  }
  return found.sort((a, b) => a.share - b.share).filter(({ share }) => share < 0.9);
}
