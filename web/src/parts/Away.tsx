import { language } from '../i18n/language';
import { messages } from '../i18n/messages';
import { now } from '../state/clock';
import { connection, heardAt } from '../state/live';

const t = messages(
  {
    away: (since: string) => `The server has not answered since ${since}.`,
    help: 'What you see is as it was. The page goes on by itself as soon as the server is back. To start it: dowse serve',
  },
  {
    zh: {
      away: (since: string) => `服务器自 ${since} 起没有响应。`,
      help: '您看到的是此前的内容。服务器恢复后页面会自动继续。启动命令:dowse serve',
    },
    ko: {
      away: (since: string) => `서버가 ${since}부터 응답하지 않습니다.`,
      help: '지금 보이는 것은 이전 내용입니다. 서버가 돌아오면 페이지가 자동으로 계속됩니다. 시작 명령: dowse serve',
    },
  },
);

/** A line that breaks and is there again is nothing that anybody has to read about. */
const PATIENCE_S = 3;

/** Says that the server is away. What is shown stays, and nothing of it moves. */
export function Away() {
  const isAway = connection.value === 'reconnecting' && now.value - heardAt.value / 1000 > PATIENCE_S;
  if (!isAway) return null;
  return (
    <div class="away" role="status">
      <b>{t().away(new Intl.DateTimeFormat(language.value, { timeStyle: 'medium' }).format(heardAt.value))}</b> {t().help}
    </div>
  );
}
