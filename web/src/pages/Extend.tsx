import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiFailure, get, jobPath, post } from '../api/client';
import type { components } from '../api/schema';
import { merged, offersOfBrushes, type Offer } from '../editor/ranges';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { Segmented } from '../parts/Segmented';
import { brushes } from '../state/selection';
import { useJob, type Parameter } from '../state/job';
import { useResource } from '../state/resource';
import { quoted } from '../trial/copies';
import { jobAddress, navigate } from '../state/router';

type Ranges = components['schemas']['RangesDocument'];

const t = messages(
  {
    title: 'Go on from here',
    same: 'More trials, same space',
    adjusted: 'Adjusted ranges',
    trials: 'Further trials',
    parallel: 'At the same time',
    asBefore: 'as before',
    keeps: 'A new job begins that knows every trial of this one, those outside its ranges too.',
    live: 'This job is not over yet, and a new one can only continue what is. With the editor a job of its own begins now, with the same ranges.',
    now: 'Now',
    suggested: 'Range of the new job',
    why: 'Why',
    use: 'Use',
    useOf: (name: string) => `Use the range of ${name}`,
    rangeOf: (name: string) => `Range of ${name}`,
    drawn: 'drawn in the charts',
    nothing: 'The results so far suggest no other range. Type one, or draw it in the parallel coordinates of the overview.',
    create: 'Create',
    inEditor: 'Open in the editor',
    command: 'The same on the command line:',
  },
  {
    zh: {
      title: '从这里继续',
      same: '更多试验,范围不变',
      adjusted: '调整范围',
      trials: '追加试验数',
      parallel: '并行数',
      asBefore: '与之前相同',
      keeps: '将开始一个新任务,它了解此任务的所有试验,包括范围之外的试验。',
      live: '此任务尚未结束,新任务只能延续已结束的任务。也可以现在用编辑器以相同范围开始一个独立的任务。',
      now: '当前',
      suggested: '新任务的范围',
      why: '原因',
      use: '采用',
      useOf: (name: string) => `采用 ${name} 的范围`,
      rangeOf: (name: string) => `${name} 的范围`,
      drawn: '在图表中选取',
      nothing: '目前的结果没有建议其他范围。可直接输入,或在概览的平行坐标中选取。',
      create: '创建',
      inEditor: '在编辑器中打开',
      command: '等同的命令行:',
    },
    ko: {
      title: '여기서 이어가기',
      same: '같은 공간에서 더 많은 시행',
      adjusted: '범위 조정',
      trials: '추가 시행 수',
      parallel: '동시 실행 수',
      asBefore: '이전과 같음',
      keeps: '이 작업의 모든 시행을 아는 새 작업이 시작됩니다. 범위를 벗어난 시행도 포함됩니다.',
      live: '이 작업은 아직 끝나지 않았습니다. 새 작업은 끝난 작업만 이어받을 수 있습니다. 편집기로는 같은 범위의 독립된 작업을 지금 시작할 수 있습니다.',
      now: '현재',
      suggested: '새 작업의 범위',
      why: '이유',
      use: '사용',
      useOf: (name: string) => `${name} 범위 사용`,
      rangeOf: (name: string) => `${name}의 범위`,
      drawn: '차트에서 선택함',
      nothing: '지금까지의 결과로는 다른 범위를 제안하지 않습니다. 직접 입력하거나 개요의 평행 좌표에서 선택하세요.',
      create: '만들기',
      inEditor: '편집기에서 열기',
      command: '같은 명령:',
    },
  },
);

type Manner = 'same' | 'adjusted';

export default function Extend() {
  const { name, spec, progress } = useJob();
  const isOver = OVER.has(progress.value?.job.state ?? '');
  const found = useResource(`ranges of ${name}`, (abort) => get<Ranges>(jobPath(name, 'ranges'), {}, abort), () => false);
  const failure = found.failure.value;
  useEffect(() => {
    document.title = `${t().title} · ${name} · Dowse`;
  }, [name]);
  if (!spec.value || (!found.data.value && !failure)) return <Skeleton height={280} lines={2} />;
  const proposed = (found.data.value?.ranges ?? []).map(
    (one): Offer => ({ name: one.parameter, now: one.now.text, suggested: one.suggested.text, why: one.why, isSure: one.sure }),
  );
  const drawn = offersOfBrushes(brushes.value, spec.value.parameters.map(bounded), t().drawn);
  return (
    <>
      {failure && <Failure failure={failure} retry={() => void found.refresh()} />}
      <Question key={name} name={name} offers={merged(drawn, proposed)} isDrawn={drawn.length > 0} isOver={isOver} />
    </>
  );
}

function bounded(parameter: Parameter) {
  const { name, kind } = parameter;
  return 'min' in parameter ? { name, kind, low: parameter.min, high: parameter.max } : { name, kind };
}

const OVER: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

interface QuestionProps {
  readonly name: string;
  readonly offers: readonly Offer[];
  readonly isDrawn: boolean;
  readonly isOver: boolean;
}

function Question({ name, offers, isDrawn, isOver }: QuestionProps) {
  const manner = useSignal<Manner>(isDrawn ? 'adjusted' : 'same');
  const trials = useSignal('40');
  const parallel = useSignal('');
  const used = useSignal(new Map(offers.filter((one) => one.isSure).map((one) => [one.name, one.suggested])));
  const busy = useSignal(false);
  const failure = useSignal<ApiFailure | undefined>(undefined);
  const ranges = manner.value === 'adjusted' ? Object.fromEntries(used.value) : {};
  const create = async () => {
    busy.value = true;
    failure.value = undefined;
    try {
      const body = { trials: Number(trials.value), ranges, ...(parallel.value ? { parallel: Number(parallel.value) } : {}) };
      const made = await post<{ job: { name: string } }>(jobPath(name, 'extend'), body);
      navigate(jobAddress(made.job.name));
    } catch (error) {
      failure.value = error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
    } finally {
      busy.value = false;
    }
  };
  const flags = Object.entries(ranges).map(([one, range]) => ` --range ${quoted(`${one}=${range}`)}`);
  const inAddress = Object.entries(ranges).filter(([, range]) => range.includes('..'));
  const editor = `/jobs/new?from=${encodeURIComponent(name)}${inAddress.length > 0 ? `&ranges=${inAddress.map(([one, range]) => encodeURIComponent(`${encodeURIComponent(one)}:${range}`)).join(',')}` : ''}`;
  return (
    <Card
      title={t().title}
      tools={
        <Segmented
          label={t().title}
          options={{ same: t().same, adjusted: t().adjusted }}
          value={manner.value}
          onChange={(chosen) => (manner.value = chosen)}
        />
      }
    >
      <div class="stack">
        <p class="faint">{t().keeps}</p>
        {!isOver && <p role="note">{t().live}</p>}
        <div class="fields">
          <Count label={t().trials} value={trials.value} onInput={(typed) => (trials.value = typed)} />
          <Count label={t().parallel} value={parallel.value} hint={t().asBefore} onInput={(typed) => (parallel.value = typed)} />
        </div>
        {manner.value === 'adjusted' && <Offers offers={offers} used={used.value} onChange={(next) => (used.value = next)} />}
        {failure.value && <Failure failure={failure.value} />}
        <div class="row">
          <button type="button" class="button primary" disabled={busy.value || !isOver || !(Number(trials.value) >= 1)} onClick={() => void create()}>
            {t().create}
          </button>
          <a class="button" href={editor}>
            {t().inEditor}
          </a>
          {busy.value && <span class="faint small">{words().loading}</span>}
        </div>
        <p class="faint small break">
          {t().command}{' '}
          <code>
            dowse extend {name} --trials {trials.value}
            {flags.join('')}
          </code>
        </p>
      </div>
    </Card>
  );
}

interface CountProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly onInput: (typed: string) => void;
}

function Count({ label, value, hint = '', onInput }: CountProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input type="number" min={1} step={1} value={value} placeholder={hint} onInput={(event) => onInput(event.currentTarget.value)} />
    </label>
  );
}

interface OffersProps {
  readonly offers: readonly Offer[];
  readonly used: ReadonlyMap<string, string>;
  readonly onChange: (used: Map<string, string>) => void;
}

function Offers({ offers, used, onChange }: OffersProps) {
  const { spec } = useJob();
  const known = new Set(offers.map((one) => one.name));
  const silent = (spec.value?.parameters ?? []).filter((one) => !known.has(one.name));
  const rows: readonly Offer[] = [
    ...offers,
    ...silent.map((one): Offer => ({ name: one.name, now: textOf(one), suggested: textOf(one), why: '', isSure: false })),
  ];
  const set = (name: string, range: string | undefined) => {
    const next = new Map(used);
    if (range === undefined) next.delete(name);
    else next.set(name, range);
    onChange(next);
  };
  return (
    <>
      {offers.length === 0 && <p class="faint">{t().nothing}</p>}
      <table class="table stacking">
        <thead>
          <tr>
            <th scope="col">{t().use}</th>
            <th scope="col">{words().name}</th>
            <th scope="col">{t().now}</th>
            <th scope="col">{t().suggested}</th>
            <th scope="col">{t().why}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.name}>
              <td>
                <input
                  type="checkbox"
                  aria-label={t().useOf(one.name)}
                  checked={used.has(one.name)}
                  onChange={(event) => set(one.name, event.currentTarget.checked ? one.suggested : undefined)}
                />
              </td>
              <td class="break">{one.name}</td>
              <td>
                <code>{one.now}</code>
              </td>
              <td>
                <input
                  type="text"
                  class="mono"
                  aria-label={t().rangeOf(one.name)}
                  value={used.get(one.name) ?? one.suggested}
                  onInput={(event) => set(one.name, event.currentTarget.value)}
                />
              </td>
              <td class="break">{one.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function textOf(parameter: Parameter): string {
  if ('min' in parameter) return `${String(parameter.min)}..${String(parameter.max)}`;
  if ('values' in parameter && Array.isArray(parameter.values)) return parameter.values.map(String).join(',');
  return '';
}
