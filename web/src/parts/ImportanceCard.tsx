import type { components } from '../api/schema';
import { messages } from '../i18n/messages';
import { useAnalysis } from '../state/analysis';
import { percent } from '../state/format';
import { useJob } from '../state/job';
import { jobAddress } from '../state/router';
import { Card } from './Card';
import { Skeleton } from './Calm';

const t = messages(
  {
    title: 'Parameter importance',
    needs: 'It is known as soon as enough trials with different results are complete.',
    trials: (method: string, count: number) => `${method} · ${count} trials`,
    more: 'All of it',
    compute: (count: number) => `Compute it of ${count} trials`,
  },
  {
    zh: {
      title: '参数重要性',
      needs: '完成足够多结果不同的试验后即可得知。',
      trials: (method: string, count: number) => `${method} · ${count} 个试验`,
      more: '全部',
      compute: (count: number) => `用 ${count} 个试验计算`,
    },
    ko: {
      title: '매개변수 중요도',
      needs: '결과가 다른 시행이 충분히 끝나면 알 수 있습니다.',
      trials: (method: string, count: number) => `${method} · 시행 ${count}개`,
      more: '전체',
      compute: (count: number) => `시행 ${count}개로 계산`,
    },
  },
);

type Importance = components['schemas']['ImportanceDocument'];

const SHOWN = 8;

/** Which parameters matter. It is computed anew with every tenth trial that ends. */
export function ImportanceCard() {
  const { name } = useJob();
  const found = useAnalysis<Importance>('importance', (over) => Math.floor(over / 10));
  const known = found.data.value;
  const failed = found.failure.value;
  return (
    <Card
      title={t().title}
      beside={known && <span class="faint small">{t().trials(known.method, known.trials)}</span>}
      tools={
        <a class="small" href={jobAddress(name, 'charts', 'importance')}>
          {t().more}
        </a>
      }
    >
      {!found.isWanted && (
        <button type="button" class="button" onClick={() => found.want()}>
          {t().compute(found.over)}
        </button>
      )}
      {found.isWanted && !known && !failed && <Skeleton lines={6} />}
      {failed && !known && <p class="faint">{failed.kind === 'refused' ? failed.detail : t().needs}</p>}
      {known && known.parameters.length === 0 && <p class="faint">{known.reason || t().needs}</p>}
      <ul class="bars">
        {known?.parameters.slice(0, SHOWN).map((one) => (
          <li key={one.name}>
            <span class="clip" title={one.name}>
              {one.name}
            </span>
            <span class="bar">
              <span style={{ inlineSize: `${Number(one.share) * 100}%` }} />
            </span>
            <span class="number">{percent(Number(one.share))}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
