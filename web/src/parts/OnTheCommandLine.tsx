import { messages } from '../i18n/messages';
import { CopyButton } from './CopyButton';
import { Empty } from './Calm';

const t = messages(
  { title: 'The command line does this' },
  { zh: { title: '此操作在命令行中进行' }, ko: { title: '이 작업은 명령줄에서 합니다' } },
);

/** What has no page of its own, and the command that does it. */
export function OnTheCommandLine({ command, isPage = true }: { command: string; isPage?: boolean }) {
  return (
    <Empty title={t().title} isPage={isPage}>
      <CopyButton text={() => command}>
        <code>{command}</code>
      </CopyButton>
    </Empty>
  );
}
