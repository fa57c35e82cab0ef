import { useSignal } from '@preact/signals';
import type { components } from '../api/schema';
import { messages } from '../i18n/messages';
import { useAnalysis } from '../state/analysis';
import { useJob } from '../state/job';
import { jobAddress } from '../state/router';

const t = messages(
  {
    title: 'Advice',
    spec: 'Set-up',
    range: 'Range',
    importance: 'Importance',
    trust: 'Trust',
    forecast: 'Going on',
    more: (count: number) => `${count} more`,
    fewer: 'Fewer',
    ask: (count: number) => `Ask what ${count.toLocaleString('en')} trials advise`,
    asking: 'Asking what the trials advise…',
    failed: 'The server did not answer what the trials advise.',
    again: 'Ask again',
    next: 'Continue with suggested ranges',
  },
  {
    zh: {
      title: '建议',
      spec: '设置',
      range: '范围',
      importance: '重要性',
      trust: '可信度',
      forecast: '是否继续',
      more: (count: number) => `另外 ${count} 条`,
      fewer: '收起',
      ask: (count: number) => `根据 ${count} 个试验给出建议`,
      asking: '正在根据试验给出建议…',
      failed: '服务器没有给出建议。',
      again: '重试',
      next: '用建议的范围继续',
    },
    ko: {
      title: '조언',
      spec: '설정',
      range: '범위',
      importance: '중요도',
      trust: '신뢰도',
      forecast: '계속할지',
      more: (count: number) => `${count}개 더`,
      fewer: '접기',
      ask: (count: number) => `시행 ${count}개의 조언 보기`,
      asking: '시행의 조언을 계산하는 중…',
      failed: '서버가 조언을 답하지 않았습니다.',
      again: '다시 묻기',
      next: '제안된 범위로 계속',
    },
  },
);

type Counsel = components['schemas']['CounselDocument'];
type Piece = Counsel['advice'][number];

/** Fewer results say little more than chance does. */
const LEAST = 20;
const SHOWN = 3;
/** It takes the server a second or more: asked for again only with so many times as many trials. */
const GROWTH = 1.25;

/** What the server advises, in the sentences of `dowse advice`. */
export function Advice() {
  const { name, trials } = useJob();
  if ((trials.value?.ranking.length ?? 0) < LEAST) return null;
  return (
    <section class="advice small" aria-label={t().title}>
      <Counselled />
      <a href={jobAddress(name, 'extend')}>{t().next}</a>
    </section>
  );
}

function Counselled() {
  const isLong = useSignal(false);
  const found = useAnalysis<Counsel>('advice', (over) => Math.floor(Math.log(Math.max(1, over)) / Math.log(GROWTH)));
  const pieces = found.data.value?.advice;
  if (!found.isWanted) {
    return (
      <button type="button" class="link" onClick={() => found.want()}>
        {t().ask(found.over)}
      </button>
    );
  }
  if (!pieces && found.failure.value) {
    return (
      <p>
        {t().failed}{' '}
        <button type="button" class="link" onClick={() => void found.refresh()}>
          {t().again}
        </button>
      </p>
    );
  }
  if (!pieces) return <p class="faint">{t().asking}</p>;
  const ordered = sorted(pieces);
  return (
    <>
      <ul>
        {ordered.slice(0, isLong.value ? undefined : SHOWN).map((one) => (
          <li key={one.kind + one.about + one.message} class="break">
            <b>{titleOf(one)}</b> {one.message}
          </li>
        ))}
      </ul>
      {ordered.length > SHOWN && (
        <button type="button" class="link" aria-expanded={isLong.value} onClick={() => (isLong.value = !isLong.value)}>
          {isLong.value ? t().fewer : t().more(ordered.length - SHOWN)}
        </button>
      )}
    </>
  );
}

/** What can be acted upon comes first; among its like everything keeps the server's order. */
const ORDER = ['range', 'trust', 'forecast', 'spec', 'importance'];

function sorted(pieces: readonly Piece[]): readonly Piece[] {
  return ORDER.flatMap((kind) => pieces.filter((one) => one.kind === kind)).concat(pieces.filter((one) => !ORDER.includes(one.kind)));
}

function titleOf({ kind, about }: Piece): string {
  const known = t()[kind as 'spec'] as string | undefined;
  return [known ?? kind, about].filter(Boolean).join(' · ');
}
