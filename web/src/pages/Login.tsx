import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiFailure, isLoggedIn, post } from '../api/client';
import { messages } from '../i18n/messages';
import { Logo } from '../parts/Logo';
import { query } from '../state/router';

const t = messages(
  {
    title: 'Log in',
    token: 'Token',
    where: 'It stands in the file token of the data directory, unless DOWSE_TOKEN sets it. dowse open logs a browser in without it.',
    spent: 'This one-time address was used before, or has expired. Log in with the token, or ask for a new address with dowse open.',
    opening: 'Logging in…',
  },
  {
    zh: {
      title: '登录',
      token: '令牌',
      where: '令牌在数据目录的 token 文件中,除非由 DOWSE_TOKEN 设置。dowse open 无需令牌即可登录浏览器。',
      spent: '此一次性地址已使用过或已过期。请用令牌登录,或用 dowse open 获取新地址。',
      opening: '正在登录…',
    },
    ko: {
      title: '로그인',
      token: '토큰',
      where: '데이터 디렉터리의 token 파일에 있으며, DOWSE_TOKEN으로 설정할 수도 있습니다. dowse open은 토큰 없이 브라우저를 로그인합니다.',
      spent: '이 일회용 주소는 이미 사용되었거나 만료되었습니다. 토큰으로 로그인하거나 dowse open으로 새 주소를 받으세요.',
      opening: '로그인하는 중…',
    },
  },
);

const ONCE = /^#once=([\w-]+)$/;

/** Where a browser shows that it may ask; a one-time code behind the # does it by itself. */
export default function Login() {
  const problem = useSignal('');
  const isBusy = useSignal(false);

  const logIn = async (proof: { token: string } | { code: string }) => {
    isBusy.value = true;
    problem.value = '';
    try {
      await post('/login', proof);
      isLoggedIn.value = true;
      // Loaded anew, so that nothing of an earlier session is left in memory.
      location.replace(next());
    } catch (error) {
      isBusy.value = false;
      const isSpent = 'code' in proof && error instanceof ApiFailure && error.status === 401;
      problem.value = isSpent ? t().spent : error instanceof ApiFailure ? error.detail : String(error);
    }
  };

  useEffect(() => {
    document.title = `${t().title} · Dowse`;
    const code = ONCE.exec(location.hash)?.[1];
    if (code === undefined) return;
    history.replaceState(null, '', location.pathname + location.search);
    void logIn({ code });
  }, []);

  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    void logIn({ token: String(form.get('token')).trim() });
  };

  return (
    <main id="main" class="login" tabIndex={-1}>
      <form class="card" onSubmit={onSubmit}>
        <p class="login-brand">
          <Logo /> Dowse
        </p>
        <h1>{t().title}</h1>
        <label class="field">
          {t().token}
          <input
            name="token"
            type="password"
            autocomplete="current-password"
            required
            autofocus
            aria-describedby="where problem"
          />
        </label>
        <p id="problem" class="problem" role="alert">
          {problem.value}
        </p>
        <button type="submit" class="button primary" disabled={isBusy.value}>
          {isBusy.value ? t().opening : t().title}
        </button>
        <p id="where" class="faint small">
          {t().where}
        </p>
      </form>
    </main>
  );
}

/** Where it goes on: an address of ours and of nobody else. */
function next(): string {
  const wanted = query.value.get('next') ?? '/';
  const isOurs = wanted.startsWith('/') && new URL(wanted, location.origin).origin === location.origin;
  return isOurs && !wanted.startsWith('/login') ? wanted : '/';
}
