import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get, type JobSummary } from '../api/client';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { jobAddress, match, navigate, path } from '../state/router';
import { statusOf } from '../state/statuses';
import { chooseTheme, themeChoice, type ThemeChoice } from '../state/theme';
import { Dialog } from './Dialog';
import { StatusMark } from './StatusMark';

const t = messages(
  {
    title: 'Search or run a command',
    hint: 'The name of a job, or what to do',
    newJob: 'New job',
    charts: 'Charts',
    config: 'Configuration',
    events: 'Events',
    compare: 'Compare',
    settings: 'Settings',
    theme: (next: string) => `Theme: ${next}`,
    nothing: 'Nothing is called that',
  },
  {
    zh: {
      title: '搜索或运行命令',
      hint: '任务名称或要执行的操作',
      newJob: '新建任务',
      charts: '图表',
      config: '配置',
      events: '事件',
      compare: '比较',
      settings: '设置',
      theme: (next: string) => `主题:${next}`,
      nothing: '没有匹配项',
    },
    ko: {
      title: '검색 또는 명령 실행',
      hint: '작업 이름 또는 실행할 명령',
      newJob: '새 작업',
      charts: '차트',
      config: '구성',
      events: '이벤트',
      compare: '비교',
      settings: '설정',
      theme: (next: string) => `테마: ${next}`,
      nothing: '일치하는 항목이 없습니다',
    },
  },
);

interface Entry {
  readonly text: string;
  readonly job?: JobSummary;
  readonly run: () => void;
}

const MOST = 12;

/** Every page and every job by a few letters of its name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const typed = useSignal('');
  const chosen = useSignal(0);
  const jobs = useSignal<readonly JobSummary[]>([]);
  useEffect(() => {
    get<{ jobs: JobSummary[] }>('/api/v1/jobs', { limit: 1000 }).then(
      (found) => (jobs.value = found.jobs),
      () => undefined, // The pages themselves are still to be reached.
    );
  }, []);
  const found = matching([...commands(), ...jobs.value.map(entryOf)], typed.value).slice(0, MOST);
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) chosen.value = (chosen.value + step + found.length) % Math.max(1, found.length);
    else if (event.key === 'Enter') run(found[chosen.value]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t().title} onClose={onClose} class="palette">
      <input
        class="palette-input"
        role="combobox"
        aria-label={t().hint}
        aria-expanded="true"
        aria-controls="palette-found"
        aria-activedescendant={found.length > 0 ? `palette-${chosen.value}` : undefined}
        placeholder={t().hint}
        autofocus
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          chosen.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="palette-found" role="listbox" aria-label={t().title} class="palette-found">
        {found.map((entry, i) => (
          <li
            key={entry.text}
            id={`palette-${i}`}
            role="option"
            aria-selected={i === chosen.value}
            onClick={() => run(entry)}
          >
            <span class="clip">{entry.text}</span>
            {entry.job && <StatusMark status={statusOf(entry.job.state, entry.job.reason)} />}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="faint">{t().nothing}</p>}
    </Dialog>
  );
}

function commands(): Entry[] {
  const to = (text: string, address: string): Entry => ({ text, run: () => navigate(address) });
  const job = match('/jobs/:name', path.value.split('/').slice(0, 3).join('/'))?.name;
  const ofJob =
    job === undefined || job === 'new'
      ? []
      : [
          to(`${job} · ${words().trials}`, jobAddress(job, 'trials')),
          to(`${job} · ${t().charts}`, jobAddress(job, 'charts')),
          to(`${job} · ${t().config}`, jobAddress(job, 'config')),
          to(`${job} · ${t().events}`, jobAddress(job, 'events')),
        ];
  const next = { system: 'light', light: 'dark', dark: 'system' }[themeChoice.value] as ThemeChoice;
  return [
    ...ofJob,
    to(words().jobs, '/jobs'),
    to(t().newJob, '/jobs/new'),
    to(t().compare, '/compare'),
    to(words().workers, '/workers'),
    to(t().settings, '/settings'),
    { text: t().theme(next), run: () => chooseTheme(next) },
  ];
}

function entryOf(job: JobSummary): Entry {
  return { text: job.name, job, run: () => navigate(jobAddress(job.name)) };
}

/** Those that hold every word that was typed, those that begin with the first one in front. */
function matching(entries: readonly Entry[], typed: string): readonly Entry[] {
  const wanted = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter(({ text }) => wanted.every((word) => text.toLocaleLowerCase().includes(word)));
  const begins = ({ text }: Entry) => (text.toLocaleLowerCase().startsWith(wanted[0] ?? '') ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b));
}
