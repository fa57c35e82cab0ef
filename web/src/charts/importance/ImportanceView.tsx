import { useMemo } from 'preact/hooks';
import { get, jobPath } from '../../api/client';
import { messages } from '../../i18n/messages';
import { Empty, Failure, Skeleton } from '../../parts/Calm';
import { chartTitles } from '../../parts/ChartRail';
import { Segmented } from '../../parts/Segmented';
import { query, setQuery } from '../../state/router';
import { useResource } from '../../state/resource';
import { isOver } from '../../state/statuses';
import { ChartFrame } from '../ChartFrame';
import type { KindProps } from '../kinds';
import { Importance, type ImportanceDocument } from './chart';

const t = messages(
  {
    method: 'Method',
    auto: 'automatic',
    share: 'Share',
    low: 'Least',
    high: 'Greatest',
    about: (method: string, trials: number, failed: number) =>
      `${method}: ${trials} trials with a result${failed > 0 ? `, ${failed} without one left out` : ''}. The thin lines say how sure each share is. All trials count, whatever the filter shows.`,
    early: 'It is too early to say which parameters matter',
    needs: (done: number) => `20 completed trials with different results make it worth asking; ${done} are complete.`,
  },
  {
    zh: {
      method: '方法',
      auto: '自动',
      share: '占比',
      low: '最小',
      high: '最大',
      about: (method: string, trials: number, failed: number) =>
        `${method}:${trials} 个有结果的试验${failed > 0 ? `,${failed} 个没有结果的未计入` : ''}。细线表示各占比的可信程度。无论筛选如何,所有试验都计入。`,
      early: '现在判断哪些参数重要还为时过早',
      needs: (done: number) => `需要 20 个结果不同的已完成试验;目前完成 ${done} 个。`,
    },
    ko: {
      method: '방법',
      auto: '자동',
      share: '비중',
      low: '최소',
      high: '최대',
      about: (method: string, trials: number, failed: number) =>
        `${method}: 결과가 있는 시행 ${trials}개${failed > 0 ? `, 결과 없는 ${failed}개 제외` : ''}. 가는 선은 각 비중이 얼마나 확실한지 나타냅니다. 필터와 관계없이 모든 시행을 셉니다.`,
      early: '어떤 매개변수가 중요한지 말하기에는 이릅니다',
      needs: (done: number) => `결과가 다른 완료된 시행이 20개 필요합니다. 현재 ${done}개입니다.`,
    },
  },
);

const METHODS = { auto: 'auto', 'ped-anova': 'PED-ANOVA', sobol: 'Sobol' } as const;
type Method = keyof typeof METHODS;
const ENOUGH = 20;

/** Which parameters matter, as the server computes it; anew with every tenth trial that ends. */
export function ImportanceView({ trials }: KindProps) {
  const asked = query.value.get('method') ?? 'auto';
  const method: Method = asked in METHODS ? (asked as Method) : 'auto';
  const over = trials.statuses.filter(isOver).length;
  const found = useResource(`${trials.job} ${method} ${Math.floor(over / 10)}`, (abort) =>
    get<ImportanceDocument>(jobPath(trials.job, 'importance'), { method }, abort),
  );
  const known = found.data.value;
  const failure = found.failure.value;
  const titles = t();
  const chart = useMemo(() => known && new Importance(known, titles), [known, titles]);
  const done = trials.ranking.length;
  if (!chart || !known) {
    if (failure?.kind === 'refused') return <Early done={done} detail={failure.detail} />;
    return failure ? <Failure failure={failure} retry={() => void found.refresh()} /> : <Skeleton height={320} />;
  }
  if (known.parameters.length === 0) return <Early done={done} detail={known.reason} />;
  return (
    <ChartFrame
      title={chartTitles().importance}
      chart={chart}
      height={chart.height}
      class="wide"
      tools={
        <Segmented
          label={t().method}
          options={{ ...METHODS, auto: t().auto }}
          value={method}
          onChange={(chosen) => setQuery({ method: chosen === 'auto' ? null : chosen })}
        />
      }
      footer={
        <div class="small faint">
          <p>{t().about(known.method, known.trials, known.failed)}</p>
          {done < ENOUGH && <p>{t().needs(done)}</p>}
          {known.reason && <p class="break">{known.reason}</p>}
        </div>
      }
    />
  );
}

function Early({ done, detail }: { done: number; detail: string }) {
  return (
    <Empty title={t().early}>
      {done < ENOUGH && <p>{t().needs(done)}</p>}
      {detail && <p class="faint break">{detail}</p>}
    </Empty>
  );
}
