import { messages } from '../i18n/messages';
import { Empty } from '../parts/Calm';

const t = messages(
  {
    title: 'There is no page at this address',
    toJobs: 'To the jobs',
    outdated: 'A part of this page could not be loaded',
    outdatedHelp: 'The server is away, or it was upgraded since this page was opened.',
    reload: 'Load the page anew',
  },
  {
    zh: {
      title: '此地址没有页面',
      toJobs: '前往任务列表',
      outdated: '页面的一部分无法加载',
      outdatedHelp: '服务器不可用,或在打开此页面后已升级。',
      reload: '重新加载页面',
    },
    ko: {
      title: '이 주소에는 페이지가 없습니다',
      toJobs: '작업 목록으로',
      outdated: '페이지의 일부를 불러올 수 없습니다',
      outdatedHelp: '서버에 연결할 수 없거나 페이지를 연 뒤에 업그레이드되었습니다.',
      reload: '페이지 다시 불러오기',
    },
  },
);

export function NotFound({ isOutdated = false }: { isOutdated?: boolean }) {
  if (isOutdated) {
    return (
      <Empty title={t().outdated} isPage>
        <p>{t().outdatedHelp}</p>
        <button type="button" class="button" onClick={() => location.reload()}>
          {t().reload}
        </button>
      </Empty>
    );
  }
  return (
    <Empty title={t().title} isPage>
      <a class="button" href="/jobs">
        {t().toJobs}
      </a>
    </Empty>
  );
}
