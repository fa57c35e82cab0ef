import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { navigate, path } from '../state/router';
import { useShortcuts } from '../state/shortcuts';
import { Away } from './Away';
import { Keys } from './Keys';
import { LiveMark } from './LiveMark';
import { Logo } from './Logo';
import { Palette } from './Palette';

const t = messages(
  {
    skip: 'Skip to the content',
    main: 'Main',
    compare: 'Compare',
    settings: 'Settings',
    command: 'Search or run a command',
    keys: 'Keyboard shortcuts',
    goJobs: 'Go to the jobs',
    goWorkers: 'Go to the workers',
  },
  {
    zh: {
      skip: '跳到内容',
      main: '主导航',
      compare: '比较',
      settings: '设置',
      command: '搜索或运行命令',
      keys: '键盘快捷键',
      goJobs: '前往任务',
      goWorkers: '前往工作进程',
    },
    ko: {
      skip: '본문으로 건너뛰기',
      main: '주 메뉴',
      compare: '비교',
      settings: '설정',
      command: '검색 또는 명령 실행',
      keys: '키보드 단축키',
      goJobs: '작업으로 이동',
      goWorkers: '작업자로 이동',
    },
  },
);

/** What surrounds every page but the login. */
export function Frame({ children }: { children: ComponentChildren }) {
  const opened = useSignal<'palette' | 'keys' | undefined>(undefined);
  const close = () => (opened.value = undefined);
  const openPalette = () => (opened.value = 'palette');
  useShortcuts([
    { key: 'k', mod: true, says: () => t().command, run: openPalette },
    { key: '/', says: () => t().command, run: openPalette },
    { key: '?', says: () => t().keys, run: () => (opened.value = 'keys') },
    { key: 'J', says: () => t().goJobs, run: () => navigate('/jobs') },
    { key: 'W', says: () => t().goWorkers, run: () => navigate('/workers') },
  ]);
  return (
    <>
      <a class="skip" href="#main">
        {t().skip}
      </a>
      <header class="top">
        <a class="brand" href="/jobs">
          <Logo /> Dowse
        </a>
        <nav class="top-nav" aria-label={t().main}>
          <TopLink to="/jobs">{words().jobs}</TopLink>
          <TopLink to="/compare">{t().compare}</TopLink>
          <TopLink to="/workers">{words().workers}</TopLink>
          <TopLink to="/settings">{t().settings}</TopLink>
        </nav>
        <button type="button" class="command" onClick={openPalette}>
          <span class="command-text">{t().command}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <LiveMark />
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Away />
      {opened.value === 'palette' && <Palette onClose={close} />}
      {opened.value === 'keys' && <Keys title={t().keys} onClose={close} />}
    </>
  );
}

function TopLink({ to, children }: { to: string; children: ComponentChildren }) {
  const isHere = path.value === to || path.value.startsWith(`${to}/`);
  return (
    <a href={to} aria-current={isHere ? 'page' : undefined}>
      {children}
    </a>
  );
}
