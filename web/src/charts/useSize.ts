import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

/** The width of an element in CSS pixels; 0 until it is known. */
export function useSize(element: { readonly current: HTMLElement | null }): number {
  const width = useSignal(0);
  useLayoutEffect(() => {
    const found = element.current;
    if (!found) return undefined;
    const measure = () => (width.value = Math.floor(found.clientWidth));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(found);
    return () => watch.disconnect();
  }, []);
  return width.value;
}
