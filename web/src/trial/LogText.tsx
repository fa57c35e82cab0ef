import { signal, type Signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { cut, placesOf, type Span } from './search';
import type { Block } from './terminal';

/** So many places are marked; a page with more of them would be slow. */
export const MOST_MARKED = 2000;
const NEAR_PX = 24;

/** Where a word stands in a log. */
export interface Found {
  readonly count: number;
  /** The places in each block, and how many there are in the blocks before it. */
  readonly places: readonly { readonly spans: readonly Span[]; readonly before: number }[];
}

const known = new WeakMap<Block, { word: string; spans: readonly Span[] }>();

/** Looks for a word; blocks that were looked through are not looked through again. */
export function find(blocks: readonly Block[], word: string): Found {
  let count = 0;
  const places = blocks.map((block) => {
    let last = known.get(block);
    if (last?.word !== word) known.set(block, (last = { word, spans: placesOf(block.text, word) }));
    const before = count;
    count += last.spans.length;
    return { spans: last.spans, before };
  });
  return { count, places };
}

interface TextProps {
  readonly blocks: readonly Block[];
  readonly found: Found;
  /** Which of the places is looked at, from 0. */
  readonly at: number;
  readonly isFollowed: Signal<boolean>;
  readonly isWrapped: boolean;
  readonly label: string;
}

/** The lines of a log. Its end is followed until somebody scrolls up, and again from there on. */
export function LogText({ blocks, found, at, isFollowed, isWrapped, label }: TextProps) {
  const box = useRef<HTMLDivElement>(null);
  const top = useMemo(() => signal(0), []);
  useLayoutEffect(() => {
    if (box.current && isFollowed.value) box.current.scrollTop = box.current.scrollHeight;
  }, [blocks, isFollowed.value, isWrapped]);
  useEffect(() => {
    if (found.count > 0) box.current?.querySelector('[data-current]')?.scrollIntoView({ block: 'nearest' });
  }, [at, found.count > 0]);
  const onScroll = ({ currentTarget }: { currentTarget: HTMLElement }) => {
    const { scrollTop, scrollHeight, clientHeight } = currentTarget;
    // What is added below moves nothing: only who reads moves up.
    if (scrollTop + clientHeight >= scrollHeight - NEAR_PX) isFollowed.value = true;
    else if (scrollTop < top.value) isFollowed.value = false;
    top.value = scrollTop;
  };
  return (
    <div ref={box} class="log" data-wrapped={isWrapped} tabIndex={0} role="region" aria-label={label} onScroll={onScroll}>
      {blocks.map((block, i) => (
        <BlockText key={block.id} block={block} spans={found.places[i]?.spans ?? []} before={found.places[i]?.before ?? 0} at={at} />
      ))}
    </div>
  );
}

function BlockText({ block, spans, before, at }: { block: Block; spans: readonly Span[]; before: number; at: number }) {
  const pieces = useMemo(() => cut(block.text, block.looks, spans.slice(0, Math.max(0, MOST_MARKED - before))), [block, spans, before]);
  return (
    <div>
      {pieces.map(({ text, look, hit }, i) => {
        if (hit !== undefined) {
          return (
            <mark key={i} class={look} data-current={before + hit === at || undefined}>
              {text}
            </mark>
          );
        }
        return look === '' ? (
          text
        ) : (
          <span key={i} class={look}>
            {text}
          </span>
        );
      })}
    </div>
  );
}
