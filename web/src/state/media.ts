import { signal } from '@preact/signals';

/** Whether the window is as narrow as a telephone; then tables become cards. */
export const isNarrow = signal(false);

export function followWidth(): void {
  const asked = matchMedia('(max-width: 760px)');
  const take = () => (isNarrow.value = asked.matches);
  take();
  asked.addEventListener('change', take);
}
