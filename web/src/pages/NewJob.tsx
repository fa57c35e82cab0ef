import { computed, signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ApiFailure, get, post, type PreviewDocument, type StarterDocument } from '../api/client';
import { CodeEditor } from '../editor/CodeEditor';
import { Check, errorsByPlace, marksOf } from '../editor/check';
import type { Schema } from '../editor/completion';
import { isSlip, readDraft, type Draft } from '../editor/draft';
import { draftOfJob, forgetDraft, keepDraft, keptDraft, starters } from '../editor/drafts';
import { editedAll, type Edit } from '../editor/edits';
import { FORMS, type Dialect } from '../editor/forms';
import { Findings } from '../editor/Findings';
import { Preview } from '../editor/Preview';
import { given, ProgramPlace, type Beside } from '../editor/ProgramPlace';
import { VisualForm } from '../editor/VisualForm';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { Failure, Skeleton } from '../parts/Calm';
import { Segmented } from '../parts/Segmented';
import { jobAddress, navigate, query, setQuery } from '../state/router';

const t = messages(
  {
    title: 'New job',
    view: 'View',
    visual: 'Visual',
    split: 'Split',
    yaml: 'YAML',
    starter: 'Begin anew with',
    document: 'Job document',
    create: 'Create',
    preview: 'Preview',
    tryOne: 'Try one trial',
    needsPlace: 'Say above where the program is',
    same: 'The same on the command line:',
  },
  {
    zh: {
      title: '新建任务',
      view: '视图',
      visual: '可视化',
      split: '并排',
      yaml: 'YAML',
      starter: '从模板重新开始',
      document: '任务文档',
      create: '创建',
      preview: '预览',
      tryOne: '试运行一次',
      needsPlace: '请在上方指明程序所在位置',
      same: '等同的命令行:',
    },
    ko: {
      title: '새 작업',
      view: '보기',
      visual: '시각 편집',
      split: '나란히',
      yaml: 'YAML',
      starter: '양식으로 새로 시작',
      document: '작업 문서',
      create: '만들기',
      preview: '미리보기',
      tryOne: '시행 한 번 해보기',
      needsPlace: '위에서 프로그램 위치를 알려 주세요',
      same: '같은 명령:',
    },
  },
);

type View = 'visual' | 'split' | 'yaml';
const VIEWS: readonly View[] = ['visual', 'split', 'yaml'];
const FOLDER = 'dowse.folder';

/** The text is the only state: fields show what it says, and a change of a field is a change of it. */
const text = signal<string | undefined>(undefined);
const shown = computed(() => text.value ?? '');

export default function NewJob() {
  const known = useSignal<readonly StarterDocument[]>([]);
  const schema = useSignal<Schema | undefined>(undefined);
  const failure = useSignal<ApiFailure | undefined>(undefined);
  const beside = useSignal<Beside>({ folder: localStorage.getItem(FOLDER) ?? '' });
  const from = query.value.get('from');
  const ranges = query.value.get('ranges');
  const begin = async () => {
    failure.value = undefined;
    try {
      known.value = await starters();
      schema.value = await get<Schema>('/api/v1/schema');
      if (from) {
        const found = await draftOfJob(from, ranges);
        text.value = found.text;
        if (found.folder) beside.value = { ...beside.value, folder: found.folder };
      } else {
        text.value = keptDraft() ?? known.value.find((one) => one.dialect === 'native')?.document ?? '';
      }
    } catch (error) {
      failure.value = error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
    }
  };
  useEffect(() => {
    document.title = `${t().title} · Dowse`;
    text.value = undefined;
    void begin();
  }, [from, ranges]);
  return (
    <>
      <div class="page-title">
        <h1>{t().title}</h1>
        <div class="actions">
          <Starters known={known.value} />
          <Views />
        </div>
      </div>
      {failure.value && <Failure failure={failure.value} retry={() => void begin()} />}
      {text.value === undefined && !failure.value && <Skeleton height={400} lines={3} />}
      {text.value !== undefined && (
        <Editor text={text.value} schema={schema.value} beside={beside.value} onBeside={(next) => (beside.value = next)} />
      )}
    </>
  );
}

function Views() {
  return (
    <Segmented
      label={t().view}
      options={{ visual: t().visual, split: t().split, yaml: t().yaml }}
      value={viewOf(query.value.get('view'))}
      onChange={(view) => setQuery({ view: view === 'split' ? null : view })}
    />
  );
}

function viewOf(given: string | null): View {
  return VIEWS.find((view) => view === given) ?? 'split';
}

function Starters({ known }: { known: readonly StarterDocument[] }) {
  return (
    <select
      aria-label={t().starter}
      value=""
      onChange={(event) => {
        const chosen = known.find((one) => one.dialect === event.currentTarget.value);
        if (chosen) change(chosen.document);
        event.currentTarget.value = '';
      }}
    >
      <option value="">{t().starter} …</option>
      {known.map((one) => (
        <option key={one.dialect} value={one.dialect}>
          {FORMS[one.dialect as Dialect].title}
        </option>
      ))}
    </select>
  );
}

function change(next: string): void {
  text.value = next;
  keepDraft(next);
}

interface EditorProps {
  readonly text: string;
  readonly schema: Schema | undefined;
  readonly beside: Beside;
  readonly onBeside: (beside: Beside) => void;
}

function Editor({ text: now, schema, beside, onBeside }: EditorProps) {
  const check = useRef<Check>(undefined);
  check.current ??= new Check();
  const { answer, failure } = check.current;
  const last = useRef<Draft>(undefined);
  const goTo = useRef<(line: number, column: number) => void>(undefined);
  const read = readDraft(now);
  const slip = isSlip(read) ? read : undefined;
  if (!isSlip(read)) last.current = read;
  const draft = last.current;
  useEffect(() => {
    check.current?.ask(now, given(beside));
  }, [now, JSON.stringify(beside)]);
  useEffect(() => () => check.current?.dispose(), []);
  const marks = marksOf(slip, answer.value);
  const apply = (edits: readonly Edit[]) => {
    if (!slip && text.value !== undefined) change(editedAll(text.value, edits));
  };
  const view = viewOf(query.value.get('view'));
  const show = (line: number, column: number) => {
    if (view === 'visual') setQuery({ view: null });
    setTimeout(() => goTo.current?.(line, column));
  };
  return (
    <>
      <Findings marks={marks} answer={slip ? undefined : answer.value} failure={failure.value} onShow={show} />
      <div class="editor" data-view={view}>
        <div class="editor-form">
          {draft && (
            <VisualForm draft={draft} text={now} isDisabled={slip !== undefined} problems={errorsByPlace(draft, answer.value)} onEdits={apply} />
          )}
        </div>
        <div class="editor-text">
          <CodeEditor label={t().document} text={shown} marks={marks} schema={schema} onChange={change} onReady={(go) => (goTo.current = go)} />
        </div>
      </div>
      <ProgramPlace beside={beside} needsModule={draft?.form.dialect === 'ai_platform'} onChange={onBeside} />
      <Doings text={now} beside={beside} isValid={!slip && answer.value?.valid === true} />
    </>
  );
}

/** What can be done with the draft. */
function Doings({ text: now, beside, isValid }: { text: string; beside: Beside; isValid: boolean }) {
  const busy = useSignal(false);
  const failure = useSignal<ApiFailure | undefined>(undefined);
  const preview = useSignal<PreviewDocument | undefined>(undefined);
  const hasPlace = Boolean(beside.folder || beside.upload);
  const attempt = async (deed: () => Promise<void>) => {
    busy.value = true;
    failure.value = undefined;
    try {
      await deed();
    } catch (error) {
      failure.value = error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
    } finally {
      busy.value = false;
    }
  };
  const submit = (more: Readonly<Record<string, unknown>>) =>
    attempt(async () => {
      const made = await post<{ job: { name: string } }>('/api/v1/jobs', { document: now, ...given(beside), ...more });
      if (beside.folder) localStorage.setItem(FOLDER, beside.folder);
      if (!('trials' in more)) forgetDraft();
      navigate(jobAddress(made.job.name));
    });
  const isReady = isValid && hasPlace && !busy.value;
  return (
    <section class="card" aria-label={t().create}>
      <div class="row">
        <button type="button" class="button primary" disabled={!isReady} onClick={() => void submit({})}>
          {t().create}
        </button>
        <button type="button" class="button" disabled={!isReady} onClick={() => void submit({ trials: 1, name: `try-${Date.now().toString(36)}` })}>
          {t().tryOne}
        </button>
        <button
          type="button"
          class="button"
          disabled={!isReady}
          onClick={() => void attempt(async () => void (preview.value = await post<PreviewDocument>('/api/v1/preview', { document: now, ...given(beside) })))}
        >
          {t().preview}
        </button>
        <span class="faint small">
          {hasPlace ? (
            <>
              {t().same} <code>dowse submit job.yaml</code>
            </>
          ) : (
            t().needsPlace
          )}
        </span>
        {busy.value && <span class="faint small">{words().loading}</span>}
      </div>
      {failure.value && <Failure failure={failure.value} />}
      {preview.value && <Preview found={preview.value} />}
    </section>
  );
}
