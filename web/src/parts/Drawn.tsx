import { messages } from '../i18n/messages';

const t = messages(
  {
    drawn: (shown: number, all: number) => `${shown} drawn of ${all}`,
    without: (count: number) => `${count} without a value stand beside the axes (∅)`,
    left: (count: number) => `${count} left out by the filter`,
  },
  {
    zh: {
      drawn: (shown: number, all: number) => `共 ${all} 个,绘制 ${shown} 个`,
      without: (count: number) => `${count} 个没有值,位于轴旁(∅)`,
      left: (count: number) => `${count} 个被筛选排除`,
    },
    ko: {
      drawn: (shown: number, all: number) => `${all}개 중 ${shown}개 표시`,
      without: (count: number) => `값이 없는 ${count}개는 축 옆에 있음(∅)`,
      left: (count: number) => `필터로 제외 ${count}개`,
    },
  },
);

interface DrawnProps {
  readonly shown: number;
  readonly all: number;
  readonly without?: number;
  /** More that is to be said of what is not there. */
  readonly more?: readonly string[];
}

/** How many of all trials a chart shows, and what became of the rest. */
export function Drawn({ shown, all, without = 0, more = [] }: DrawnProps) {
  const said = [
    t().drawn(shown, all),
    ...(without > 0 ? [t().without(without)] : []),
    ...(shown < all && more.length === 0 ? [t().left(all - shown)] : []),
    ...more,
  ];
  return (
    <p class="faint small drawn" data-drawn={shown}>
      {said.join(' · ')}
    </p>
  );
}
