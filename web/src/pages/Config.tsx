import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get, jobPath } from '../api/client';
import type { components } from '../api/schema';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { CopyButton } from '../parts/CopyButton';
import { Segmented } from '../parts/Segmented';
import { number } from '../state/format';
import { useJob } from '../state/job';
import { useResource } from '../state/resource';
import { jobAddress } from '../state/router';

type Kin = components['schemas']['KinDocument'];
type Form = 'document' | 'spec';

const t = messages(
  {
    title: 'What was asked for',
    document: 'As it was written',
    spec: 'Everything written out',
    lineage: 'Lineage',
    parent: 'Goes on from',
    gone: '(deleted)',
    children: 'Went on in',
    inherited: 'Trials taken over',
    sources: 'Learns from',
    alone: 'Neither builds on another job, nor does one build on it.',
    weight: 'weight',
    dropped: 'dropped:',
    notAsked: 'not weighed yet',
    edit: 'Use as a draft',
  },
  {
    zh: {
      title: '任务内容',
      document: '原始文档',
      spec: '完整展开',
      lineage: '沿革',
      parent: '接续自',
      gone: '(已删除)',
      children: '被接续于',
      inherited: '继承的试验',
      sources: '借鉴',
      alone: '既不基于其他任务,也没有任务基于它。',
      weight: '权重',
      dropped: '已弃用:',
      notAsked: '尚未加权',
      edit: '作为草稿使用',
    },
    ko: {
      title: '요청한 내용',
      document: '작성된 그대로',
      spec: '모두 풀어 쓰기',
      lineage: '계보',
      parent: '이어받은 작업',
      gone: '(삭제됨)',
      children: '이어간 작업',
      inherited: '넘겨받은 시행',
      sources: '참고',
      alone: '다른 작업을 기반으로 하지 않으며, 이를 기반으로 한 작업도 없습니다.',
      weight: '가중치',
      dropped: '제외됨:',
      notAsked: '아직 평가 안 됨',
      edit: '초안으로 사용',
    },
  },
);

export default function Config() {
  const { name, spec } = useJob();
  const shown = useSignal<Form>('document');
  useEffect(() => {
    document.title = `${t().title} · ${name} · Dowse`;
  }, [name]);
  if (!spec.value) return <Skeleton height={320} lines={2} />;
  const { document: written, ...rest } = spec.value;
  const text = shown.value === 'document' && written ? written : JSON.stringify(rest, null, 2);
  return (
    <>
      <Lineage name={name} />
      <Card
        title={t().title}
        tools={
          <>
            <Segmented
              label={t().title}
              options={{ document: t().document, spec: t().spec }}
              value={shown.value}
              onChange={(chosen) => (shown.value = chosen)}
            />
            <CopyButton text={() => text} />
            <a class="button" href={`/jobs/new?from=${encodeURIComponent(name)}`}>
              {t().edit}
            </a>
          </>
        }
      >
        <pre class="scroll-x" tabIndex={0}>
          {text}
        </pre>
      </Card>
    </>
  );
}

function Lineage({ name }: { name: string }) {
  const found = useResource(`lineage of ${name}`, (abort) => get<Kin>(jobPath(name, 'lineage'), {}, abort), () => false);
  const kin = found.data.value;
  if (!kin) return null;
  const isAlone = kin.parent === null && kin.children.length === 0 && kin.sources.length === 0;
  return (
    <Card title={t().lineage}>
      {isAlone && <p class="faint">{t().alone}</p>}
      <dl class="facts">
        {kin.parent !== null && (
          <div>
            <dt>{t().parent}</dt>
            <dd>{kin.parent_exists ? <JobLink name={kin.parent} /> : `${kin.parent} ${t().gone}`}</dd>
          </div>
        )}
        {Object.keys(kin.ancestors).length > 0 && (
          <div>
            <dt>{t().inherited}</dt>
            <dd>
              {Object.entries(kin.ancestors)
                .map(([job, count]) => `${count} · ${job}`)
                .join(', ')}
            </dd>
          </div>
        )}
        {kin.children.length > 0 && (
          <div>
            <dt>{t().children}</dt>
            <dd class="row">
              {kin.children.map((child) => (
                <JobLink key={child} name={child} />
              ))}
            </dd>
          </div>
        )}
        {kin.sources.length > 0 && (
          <div>
            <dt>{t().sources}</dt>
            <dd>
              {kin.sources.map((source) => (
                <p key={source.job}>
                  <JobLink name={source.job} /> · {source.results} {words().trials} ·{' '}
                  {source.dropped !== null
                    ? `${t().dropped} ${source.dropped}`
                    : source.weight === null
                      ? t().notAsked
                      : `${t().weight} ${number(Number(source.weight))}`}
                </p>
              ))}
            </dd>
          </div>
        )}
      </dl>
    </Card>
  );
}

function JobLink({ name }: { name: string }) {
  return (
    <a class="break" href={jobAddress(name)}>
      {name}
    </a>
  );
}
