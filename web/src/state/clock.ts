import { signal } from '@preact/signals';

/** Now, in seconds of the epoch; moves once a second while somebody can see it. */
export const now = signal(Date.now() / 1000);

export function followClock(): void {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now() / 1000;
  }, 1000);
  document.addEventListener('visibilitychange', () => (now.value = Date.now() / 1000));
}
