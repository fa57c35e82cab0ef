import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { messages } from '../i18n/messages';
import type { Chart, Size } from './chart';
import { ChartCanvas } from './ChartCanvas';
import { saveCsv, savePng, saveSvg } from './exports';
import { ink } from './ink';
import { expose } from './probes';
import { TableTwin } from './TableTwin';
import { useSize } from './useSize';

const t = messages(
  {
    asTable: (title: string) => `${title} as a table`,
    save: (title: string) => `Save ${title}`,
    full: 'Full screen',
  },
  {
    zh: {
      asTable: (title: string) => `以表格显示${title}`,
      save: (title: string) => `保存${title}`,
      full: '全屏',
    },
    ko: {
      asTable: (title: string) => `${title} 표로 보기`,
      save: (title: string) => `${title} 저장`,
      full: '전체 화면',
    },
  },
);

interface ChartFrameProps {
  readonly title: string;
  readonly chart: Chart;
  readonly height: number;
  readonly beside?: ComponentChildren;
  readonly tools?: ComponentChildren;
  readonly footer?: ComponentChildren;
  readonly class?: string;
  /** A picture that is more than `chart.paint` and a pointer: it shows itself in the size it is given. */
  readonly children?: (size: Size) => ComponentChildren;
}

/** A chart in its card: the picture or its table, ways to save it, and what it says in words. */
export function ChartFrame(props: ChartFrameProps) {
  const { title, chart, beside, tools, footer, children } = props;
  const asTable = useSignal(false);
  const id = useId();
  const card = useRef<HTMLElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const width = useSize(box);
  const isFull = useSignal(false);
  const height = isFull.value ? Math.max(props.height, innerHeight - 180) : props.height;
  const size = { width, height };
  const latest = useRef({ chart, size });
  latest.current = { chart, size };
  useEffect(() => expose(chart.name, () => latest.current.chart, () => latest.current.size), [chart.name]);
  useEffect(() => {
    const follow = () => (isFull.value = document.fullscreenElement === card.current);
    document.addEventListener('fullscreenchange', follow);
    return () => document.removeEventListener('fullscreenchange', follow);
  }, []);
  return (
    <section ref={card} class={`card chart-card ${props.class ?? ''}`} aria-labelledby={id} data-chart={chart.name}>
      <header class="card-head">
        <h2 id={id}>{title}</h2>
        {beside}
        <div class="card-tools">
          {tools}
          <SaveMenu title={title} chart={chart} size={size} card={card} asTable={asTable} />
        </div>
      </header>
      <div ref={box} class="chart-box" style={asTable.value ? {} : { minBlockSize: `${height}px` }}>
        {asTable.value ? (
          <TableTwin table={chart.table()} label={t().asTable(title)} />
        ) : (
          width > 0 && (children ? children(size) : <ChartCanvas chart={chart} size={size} label={title} />)
        )}
      </div>
      {footer}
    </section>
  );
}

interface SaveMenuProps {
  readonly title: string;
  readonly chart: Chart;
  readonly size: Size;
  readonly card: { readonly current: HTMLElement | null };
  readonly asTable: { value: boolean };
}

function SaveMenu({ title, chart, size, card, asTable }: SaveMenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  const saving = (deed: () => void) => () => {
    if (menu.current) menu.current.open = false;
    deed();
  };
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : card.current?.requestFullscreen());
  return (
    <>
      <button
        type="button"
        class="button small icon"
        data-twin
        aria-pressed={asTable.value}
        aria-label={t().asTable(title)}
        title={t().asTable(title)}
        onClick={() => (asTable.value = !asTable.value)}
      >
        ▤
      </button>
      <details class="menu" ref={menu}>
        <summary class="button small icon" aria-label={t().save(title)} title={t().save(title)}>
          ⋯
        </summary>
        <div class="menu-box">
          <button type="button" onClick={saving(() => savePng(chart, size, ink.value))}>
            PNG
          </button>
          <button type="button" onClick={saving(() => saveSvg(chart, size, ink.value))}>
            SVG
          </button>
          <button type="button" onClick={saving(() => saveCsv(chart.table(), chart.name))}>
            CSV
          </button>
          <button type="button" onClick={saving(() => void full())}>
            {t().full}
          </button>
        </div>
      </details>
    </>
  );
}
