import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { save } from '../charts/exports';
import { Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { query, setQuery } from '../state/router';
import { t } from './labels';
import { LogReader } from './log';
import { cutAt } from './search';

const PAUSE_MS = 2000;

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
  const box = useRef<HTMLPreElement>(null);
  const isWrapped = query.value.get('wrap') !== '0';
  useEffect(() => () => log.dispose(), [log]);
  useEffect(() => {
    // Also once after it has ended, for its last words.
    void log.more();
    const timer = isRunning ? setInterval(() => !document.hidden && void log.more(), PAUSE_MS) : undefined;
    return () => clearInterval(timer);
  }, [log, isRunning]);
  const text = log.text.value;
  useEffect(() => {
    if (box.current && isFollowed.value && sought.value === '') box.current.scrollTop = box.current.scrollHeight;
  }, [text, isFollowed.value]);
  const pieces = useMemo(() => cutAt(text ?? '', sought.value), [text, sought.value]);
  const hits = pieces.filter(({ isFound }) => isFound).length;
  useEffect(() => {
    if (sought.value !== '') box.current?.querySelector('mark')?.scrollIntoView({ block: 'nearest' });
  }, [sought.value]);
  const tools = text ? (
    <>
      <input
        type="search"
        class="search"
        aria-label={t().find}
        placeholder={t().find}
        value={sought.value}
        onInput={(event) => (sought.value = event.currentTarget.value)}
      />
      <span class="faint small" role="status">
        {sought.value !== '' && t().hits(hits)}
      </span>
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
      {log.failure.value && <Failure failure={log.failure.value} retry={() => void log.more()} />}
      {text === undefined && !log.failure.value && <Skeleton lines={4} />}
      {text === '' && <p class="faint">{isRunning ? t().logEmpty : t().logNone}</p>}
      {!log.isWhole.value && (
        <button type="button" class="link" onClick={() => ((isFollowed.value = false), void log.fromBeginning())}>
          {t().earlier}
        </button>
      )}
      {text && (
        <pre ref={box} class="log" data-wrapped={isWrapped} tabIndex={0} role="region" aria-label={`${title} ${number}`}>
          {pieces.map(({ text: part, isFound }, i) => (isFound ? <mark key={i}>{part}</mark> : part))}
        </pre>
      )}
    </Card>
  );
}
