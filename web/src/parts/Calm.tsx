import type { ComponentChildren } from 'preact';
import type { ApiFailure } from '../api/client';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { CopyButton } from './CopyButton';

const t = messages(
  {
    unreachable: 'The server does not answer',
    unreachableHelp:
      'It may be stopped or starting anew. The page goes on by itself as soon as the server is back. To start it: dowse serve',
    notFound: 'There is no such thing here',
    notFoundHelp: 'It may have been deleted, or the address has a slip.',
    refused: 'The server did not do it',
    failed: 'Something went wrong',
    copy: 'Copy details',
  },
  {
    zh: {
      unreachable: '服务器没有响应',
      unreachableHelp: '它可能已停止或正在重启。服务器恢复后页面会自动继续。启动命令:dowse serve',
      notFound: '这里没有该内容',
      notFoundHelp: '它可能已被删除,或者地址有误。',
      refused: '服务器没有执行此操作',
      failed: '出了点问题',
      copy: '复制详情',
    },
    ko: {
      unreachable: '서버가 응답하지 않습니다',
      unreachableHelp:
        '중지되었거나 다시 시작하는 중일 수 있습니다. 서버가 돌아오면 페이지가 자동으로 계속됩니다. 시작 명령: dowse serve',
      notFound: '여기에는 해당 항목이 없습니다',
      notFoundHelp: '삭제되었거나 주소가 잘못되었을 수 있습니다.',
      refused: '서버가 수행하지 않았습니다',
      failed: '문제가 발생했습니다',
      copy: '세부 정보 복사',
    },
  },
);

/** Nothing to show, and what to do about it. `isPage` where it is all that a page holds. */
export function Empty({ title, isPage = false, children }: { title: string; isPage?: boolean; children?: ComponentChildren }) {
  const Title = isPage ? 'h1' : 'p';
  return (
    <div class="calm">
      <Title class="calm-title">{title}</Title>
      {children}
    </div>
  );
}

/** What went wrong, in the server's words, and what can be done. */
export function Failure({ failure, retry, isPage = false }: { failure: ApiFailure; retry?: () => void; isPage?: boolean }) {
  const Title = isPage ? 'h1' : 'p';
  const { title, help } = sayings(failure);
  const problems = failure.problems.map((one) => `${one.path}: ${one.message}`);
  // The sentence of many refusals is that of their problems, which stand below it.
  const isTold = failure.problems.some(({ message }) => help.includes(message));
  const details = [failure.kind, failure.status, failure.detail, ...problems];
  return (
    <div class="calm" role="alert">
      <Title class="calm-title">{title}</Title>
      {!isTold && <p class="break">{help}</p>}
      {failure.problems.length > 0 && (
        <ul class="calm-problems">
          {failure.problems.map((one) => (
            <li key={one.path + one.message}>
              <code>{one.path}</code> {one.message}
            </li>
          ))}
        </ul>
      )}
      <div class="row">
        {retry && (
          <button type="button" class="button" onClick={retry}>
            {words().retry}
          </button>
        )}
        <CopyButton text={() => details.join('\n')}>{t().copy}</CopyButton>
      </div>
    </div>
  );
}

function sayings(failure: ApiFailure): { title: string; help: string } {
  switch (failure.kind) {
    case 'unreachable':
      return { title: t().unreachable, help: t().unreachableHelp };
    case 'not-found':
      return { title: t().notFound, help: `${failure.detail}. ${t().notFoundHelp}` };
    case 'refused':
    case 'conflict':
    case 'forbidden':
    case 'invalid-input':
    case 'already-exists':
      return { title: t().refused, help: failure.detail };
    default:
      return { title: t().failed, help: failure.detail };
  }
}

/** Grey shapes where something will stand: `lines` of text, or a block of a height in pixels. */
export function Skeleton({ lines = 0, height = 0 }: { lines?: number; height?: number }) {
  return (
    <div class="skeleton" aria-hidden="true">
      {height > 0 && <span class="skeleton-block" style={{ blockSize: `${height}px` }} />}
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} class="skeleton-line" style={{ inlineSize: `${94 - ((i * 37) % 45)}%` }} />
      ))}
    </div>
  );
}
