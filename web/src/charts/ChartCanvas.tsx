import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { navigate } from '../state/router';
import type { Chart, Hit, Size } from './chart';
import { ink } from './ink';
import { prepare } from './surface';
import { Tip } from './Tip';

/** The picture of a chart, with what lies under the pointer. */
export function ChartCanvas({ chart, size, label }: { chart: Chart; size: Size; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const hit = useSignal<Hit | undefined>(undefined);
  const colours = ink.value;
  useEffect(() => {
    // Once a frame at most, however often the data change.
    const frame = requestAnimationFrame(() => {
      if (canvas.current) chart.paint(prepare(canvas.current, size.width, size.height), size, colours);
    });
    return () => cancelAnimationFrame(frame);
  }, [chart, size.width, size.height, colours]);
  const onPointerMove = (event: PointerEvent) => {
    hit.value = chart.hit?.(event.offsetX, event.offsetY, size);
  };
  const onClick = () => hit.value?.href && navigate(hit.value.href);
  return (
    <div class="chart-canvas" data-hit={hit.value?.href !== undefined}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${label}: ${chart.summary}`}
        style={{ inlineSize: `${size.width}px`, blockSize: `${size.height}px` }}
        onPointerMove={onPointerMove}
        onPointerLeave={() => (hit.value = undefined)}
        onClick={onClick}
      />
      {hit.value && <Tip hit={hit.value} size={size} />}
    </div>
  );
}
