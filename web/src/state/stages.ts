import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/**
 * Counts from 0 to `last`, one a frame: what belongs to a stage is on the screen before what belongs
 * to the next is computed.
 */
export function useStages(last: number): number {
  const stage = useSignal(0);
  useEffect(() => {
    if (stage.value >= last) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The timer ends after the frame was painted.
    const frame = requestAnimationFrame(() => (timer = setTimeout(() => (stage.value += 1))));
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [stage.value, last]);
  return stage.value;
}
