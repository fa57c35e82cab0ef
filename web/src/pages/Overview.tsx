import { BestTrial } from '../parts/BestTrial';
import { Empty, Skeleton } from '../parts/Calm';
import { Confirmation } from '../parts/Confirmation';
import { ConvergenceCard } from '../parts/ConvergenceCard';
import { ImportanceCard } from '../parts/ImportanceCard';
import { Kpis } from '../parts/Kpis';
import { TimelineCard } from '../parts/TimelineCard';
import { TopTrials } from '../parts/TopTrials';
import { ParallelCoordinates } from '../charts/parallel/ParallelCoordinates';
import { messages } from '../i18n/messages';
import { useJob } from '../state/job';
import { jobAddress } from '../state/router';
import { useStages } from '../state/stages';

const t = messages(
  {
    noTrials: 'No trial has begun yet',
    waiting: 'The first one starts as soon as its program is copied and there is room for it. What happens meanwhile stands under',
    over: 'The job ended before its first trial. Why stands under',
    events: 'Events',
  },
  {
    zh: {
      noTrials: '还没有试验开始',
      waiting: '程序复制完成且有空位后,第一个试验就会开始。期间发生的事见',
      over: '任务在第一个试验之前结束。原因见',
      events: '事件',
    },
    ko: {
      noTrials: '아직 시작된 시행이 없습니다',
      waiting: '프로그램이 복사되고 자리가 나면 첫 시행이 시작됩니다. 그동안의 일은 다음에서 볼 수 있습니다:',
      over: '첫 시행 전에 작업이 끝났습니다. 이유는 다음에서 볼 수 있습니다:',
      events: '이벤트',
    },
  },
);

const PARALLEL_HEIGHT = 420;
/** The algorithm of a job that runs configurations of another one again. */
const CONFIRMING = 'confirm';

/** A job at a glance. */
export default function Overview() {
  const { name, spec, trials, isOver } = useJob();
  const hasTrials = trials.value !== undefined && trials.value.count > 0;
  if (hasTrials && spec.value?.algorithm.name === CONFIRMING) return <Confirmation />;
  return (
    <>
      <Kpis />
      {trials.value?.count === 0 && (
        <Empty title={t().noTrials}>
          <p>
            {isOver.value ? t().over : t().waiting} <a href={jobAddress(name, 'events')}>{t().events}</a>
          </p>
        </Empty>
      )}
      {hasTrials && <Results />}
    </>
  );
}

/** From the top to the bottom: of many trials each part takes a moment to be drawn. */
function Results() {
  const stage = useStages(2);
  return (
    <>
      <div class="split">
        <ConvergenceCard />
        <BestTrial />
      </div>
      {stage > 0 ? <ParallelCoordinates /> : <Skeleton height={PARALLEL_HEIGHT} />}
      {stage > 1 && (
        <>
          <div class="split">
            <TimelineCard />
            <ImportanceCard />
          </div>
          <TopTrials />
        </>
      )}
    </>
  );
}
