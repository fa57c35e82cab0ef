import { get, post, type SettingsDocument } from '../api/client';
import { LANGUAGES, chooseLanguage, language } from '../i18n/language';
import { messages } from '../i18n/messages';
import { Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { Segmented } from '../parts/Segmented';
import { useResource } from '../state/resource';
import { chooseTheme, themeChoice } from '../state/theme';

const t = messages(
  {
    title: 'Settings',
    here: 'This browser',
    theme: 'Appearance',
    system: 'As the system',
    light: 'Light',
    dark: 'Dark',
    language: 'Language',
    logout: 'Log out',
    server: 'The server',
    serverHelp: 'Read from config.toml and from variables that begin with DOWSE_; a change needs a new start.',
    licences: 'Licences of what these pages are made of',
  },
  {
    zh: {
      title: '设置',
      here: '此浏览器',
      theme: '外观',
      system: '跟随系统',
      light: '浅色',
      dark: '深色',
      language: '语言',
      logout: '退出登录',
      server: '服务器',
      serverHelp: '从 config.toml 和以 DOWSE_ 开头的变量读取;更改后需重启。',
      licences: '本页面所用组件的许可证',
    },
    ko: {
      title: '설정',
      here: '이 브라우저',
      theme: '모양',
      system: '시스템 설정',
      light: '밝게',
      dark: '어둡게',
      language: '언어',
      logout: '로그아웃',
      server: '서버',
      serverHelp: 'config.toml과 DOWSE_로 시작하는 변수에서 읽으며, 변경하려면 다시 시작해야 합니다.',
      licences: '이 페이지의 구성 요소 라이선스',
    },
  },
);

export default function Settings() {
  const found = useResource('settings', (abort) => get<SettingsDocument>('/api/v1/settings', {}, abort));
  const logOut = async () => {
    await post('/logout').catch(() => undefined); // It answers with a page, which is no JSON.
    location.assign('/login');
  };
  document.title = `${t().title} · Dowse`;
  return (
    <>
      <h1>{t().title}</h1>
      <Card title={t().here}>
        <div class="settings">
          <span>{t().theme}</span>
          <Segmented
            label={t().theme}
            options={{ system: t().system, light: t().light, dark: t().dark }}
            value={themeChoice.value}
            onChange={chooseTheme}
          />
          <span>{t().language}</span>
          <Segmented label={t().language} options={LANGUAGES} value={language.value} onChange={chooseLanguage} />
          <span>
            <button type="button" class="button" onClick={() => void logOut()}>
              {t().logout}
            </button>
          </span>
        </div>
      </Card>
      <Card title={t().server} beside={found.data.value && <span class="faint">Dowse {found.data.value.version}</span>}>
        <p class="faint">{t().serverHelp}</p>
        {found.failure.value && !found.data.value && <Failure failure={found.failure.value} retry={() => void found.refresh()} />}
        {found.data.value ? <ServerSettings settings={found.data.value.settings} /> : <Skeleton lines={6} />}
      </Card>
      <p class="small">
        <a href="/THIRD_PARTY_LICENSES.txt" target="_blank">
          {t().licences}
        </a>
      </p>
    </>
  );
}

function Setting({ value }: { value: unknown }) {
  if (value === null) return <>—</>;
  if (typeof value !== 'object') return <>{String(value)}</>;
  const entries = Object.entries(value);
  if (entries.length === 0) return <>—</>;
  if (Array.isArray(value)) return <>{value.join(', ')}</>;
  return (
    <details>
      <summary>{entries.length}</summary>
      {entries.map(([key, one]) => (
        <p key={key}>
          {key}: {typeof one === 'object' ? JSON.stringify(one) : String(one)}
        </p>
      ))}
    </details>
  );
}

function ServerSettings({ settings }: { settings: SettingsDocument['settings'] }) {
  return (
    <dl class="pairs server-settings">
      {Object.entries(settings).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Setting value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
