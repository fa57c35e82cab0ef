import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get, jobPath } from '../api/client';
import type { components } from '../api/schema';
import { save } from '../charts/exports';
import { FORMS, type Dialect } from '../editor/forms';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { CopyButton } from '../parts/CopyButton';
import { number } from '../state/format';
import { useJob } from '../state/job';
import { useResource } from '../state/resource';
import { jobAddress } from '../state/router';

type Kin = components['schemas']['KinDocument'];
type Rendered = components['schemas']['RenderedDocument'];
/** As it was written, everything written out, or a dialect. */
type Form = 'document' | 'spec' | Dialect;

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
    as: 'As',
    save: 'Save',
    unsaid: 'This form cannot say:',
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
      as: '形式',
      save: '保存',
      unsaid: '此格式无法表达:',
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
      as: '형식',
      save: '저장',
      unsaid: '이 형식으로 나타낼 수 없는 것:',
    },
  },
);

export default function Config() {
  const { name, spec } = useJob();
  const shown = useSignal<Form>('document');
  const dialect = shown.value === 'document' || shown.value === 'spec' ? undefined : shown.value;
  const rendered = useResource(`${name} ${dialect}`, async (abort) =>
    dialect && get<Rendered>(jobPath(name, 'document'), { dialect }, abort),
  );
  useEffect(() => {
    document.title = `${t().title} · ${name} · Dowse`;
  }, [name]);
  if (!spec.value) return <Skeleton height={320} lines={2} />;
  const { document: written, ...rest } = spec.value;
  const found = rendered.data.value;
  const text = dialect ? (found?.document ?? '') : shown.value === 'document' && written ? written : JSON.stringify(rest, null, 2);
  const file = dialect ? (found?.file ?? '') : shown.value === 'document' && written ? `${name}.yaml` : `${name}.json`;
  return (
    <>
      <Lineage name={name} />
      <Card
        title={t().title}
        tools={
          <>
            <label class="pick">
              <span>{t().as}</span>
              <select value={shown.value} onChange={(event) => (shown.value = event.currentTarget.value as Form)}>
                <option value="document">{t().document}</option>
                <option value="spec">{t().spec}</option>
                {Object.values(FORMS).map((form) => (
                  <option key={form.dialect} value={form.dialect}>
                    {form.title}
                  </option>
                ))}
              </select>
            </label>
            <CopyButton text={() => text} />
            <button type="button" class="button" disabled={text === ''} onClick={() => save(new Blob([text], { type: 'text/plain' }), file)}>
              {t().save}
            </button>
            <a class="button" href={`/jobs/new?from=${encodeURIComponent(name)}`}>
              {t().edit}
            </a>
          </>
        }
      >
        {dialect && rendered.failure.value && !found && <Failure failure={rendered.failure.value} retry={() => void rendered.refresh()} />}
        {dialect && found && found.unsaid.length > 0 && (
          <div class="problem small">
            <p>{t().unsaid}</p>
            <ul>
              {found.unsaid.map((one) => (
                <li key={one} class="break">
                  {one}
                </li>
              ))}
            </ul>
          </div>
        )}
        {text === '' && !rendered.failure.value ? (
          <Skeleton lines={6} />
        ) : (
          <pre class="scroll-x" tabIndex={0}>
            {text}
          </pre>
        )}
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
