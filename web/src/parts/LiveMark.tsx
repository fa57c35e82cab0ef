import { messages } from '../i18n/messages';
import { now } from '../state/clock';
import { duration } from '../state/format';
import { connection, heardAt, isStale } from '../state/live';

const t = messages(
  {
    connecting: 'connecting',
    live: 'live',
    polling: 'live, every 5 s',
    reconnecting: 'reconnecting',
    stale: (age: string) => `stale ${age}`,
  },
  {
    zh: {
      connecting: '连接中',
      live: '实时',
      polling: '每 5 秒更新',
      reconnecting: '正在重连',
      stale: (age: string) => `已过时 ${age}`,
    },
    ko: {
      connecting: '연결 중',
      live: '실시간',
      polling: '5초마다 갱신',
      reconnecting: '다시 연결 중',
      stale: (age: string) => `${age} 전 정보`,
    },
  },
);

/** Whether what is shown is what is. */
export function LiveMark() {
  const age = now.value - heardAt.value / 1000;
  const stale = isStale(now.value * 1000);
  const state = stale ? 'stale' : connection.value;
  return (
    <p class="live" role="status" data-state={state}>
      <span class="live-dot" aria-hidden="true" />
      {stale ? t().stale(duration(Math.round(age / 10) * 10)) : t()[connection.value]}
    </p>
  );
}
