import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { save } from '../charts/exports';
import { Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { query, setQuery } from '../state/router';
import { t } from './labels';
import { LogReader } from './log';
import { find, LogText, MOST_MARKED } from './LogText';

const PAUSE_MS = 1000;

interface LogProps {
  readonly job: string;
  readonly number: number;
  readonly isRunning: boolean;
  readonly title?: string;
}

/** What a trial printed. While it runs, the end is followed. */
export function TrialLog({ job, number, isRunning, title = t().log }: LogProps) {
  const log = useMemo(() => new LogReader(job, number), [job, number]);
  const isFollowed = useSignal(true);
  const sought = useSignal('');
  const at = useSignal(0);
  const isWrapped = query.value.get('wrap') !== '0';
  useEffect(() => () => log.dispose(), [log]);
  useEffect(() => {
    // Also once after it has ended, for its last words.
    void log.more();
    const timer = isRunning ? setInterval(() => !document.hidden && void log.more(), PAUSE_MS) : undefined;
    return () => clearInterval(timer);
  }, [log, isRunning]);
  const blocks = log.blocks.value;
  const found = useMemo(() => find(blocks ?? [], sought.value), [blocks, sought.value]);
  const seek = (word: string) => {
    [sought.value, at.value] = [word, 0];
    if (word !== '') isFollowed.value = false;
  };
  const step = (by: number) => {
    const marked = Math.min(found.count, MOST_MARKED);
    if (marked > 0) at.value = (at.value + by + marked) % marked;
  };
  const move = (to: 'beginning' | 'end') => {
    isFollowed.value = to === 'end';
    void (to === 'end' ? log.fromEnd() : log.fromBeginning());
  };
  const hasText = blocks !== undefined && blocks.length > 0;
  const tools = hasText ? (
    <>
      <Search word={sought.value} at={at.value} count={found.count} onWord={seek} onStep={step} />
      {isRunning && (
        <button type="button" class="button small" aria-pressed={isFollowed.value} onClick={() => (isFollowed.value = !isFollowed.value)}>
          {t().follow}
        </button>
      )}
      <button type="button" class="button small" aria-pressed={isWrapped} onClick={() => setQuery({ wrap: isWrapped ? '0' : null })}>
        {t().wrap}
      </button>
      <button type="button" class="button small" onClick={() => void log.whole().then((blob) => save(blob, `${job}-${number}.log`))}>
        {t().download}
      </button>
    </>
  ) : undefined;
  return (
    <Card title={title} tools={tools}>
      {log.failure.value && !blocks && <Failure failure={log.failure.value} retry={() => void log.more()} />}
      {!blocks && !log.failure.value && <Skeleton lines={4} />}
      {blocks && !hasText && <p class="faint">{isRunning ? t().logEmpty : t().logNone}</p>}
      {!log.isWhole.value && (
        <button type="button" class="link" onClick={() => move('beginning')}>
          {t().earlier}
        </button>
      )}
      {hasText && (
        <LogText blocks={blocks} found={found} at={at.value} isFollowed={isFollowed} isWrapped={isWrapped} label={`${title} ${number}`} />
      )}
      {log.isBeginning.value && (
        <button type="button" class="link" onClick={() => move('end')}>
          {t().later}
        </button>
      )}
    </Card>
  );
}

interface SearchProps {
  readonly word: string;
  readonly at: number;
  readonly count: number;
  readonly onWord: (word: string) => void;
  readonly onStep: (by: number) => void;
}

/** Enter goes to the next place, with Shift to the one before. */
function Search({ word, at, count, onWord, onStep }: SearchProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    onStep(event.shiftKey ? -1 : 1);
  };
  return (
    <>
      <input
        type="search"
        class="search"
        aria-label={t().find}
        placeholder={t().find}
        title={t().findKeys}
        value={word}
        onInput={(event) => onWord(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span class="faint small" role="status">
        {word !== '' && t().hits(count > 0 ? at + 1 : 0, count)}
      </span>
    </>
  );
}
