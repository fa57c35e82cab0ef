import { computed, effect, signal } from '@preact/signals';
import { recall, remember } from '../i18n/language';

export type ThemeChoice = 'system' | 'light' | 'dark';
export type Theme = 'light' | 'dark';

const KEY = 'dowse.theme'; // public/theme.js reads it before anything is painted.
const systemIsDark = signal(false);

export const themeChoice = signal<ThemeChoice>(known(recall(KEY)));
export const theme = computed<Theme>(() => {
  if (themeChoice.value !== 'system') return themeChoice.value;
  return systemIsDark.value ? 'dark' : 'light';
});

export function chooseTheme(chosen: ThemeChoice): void {
  themeChoice.value = chosen;
  remember(KEY, chosen);
}

export function followTheme(): void {
  const asked = matchMedia('(prefers-color-scheme: dark)');
  systemIsDark.value = asked.matches;
  asked.addEventListener('change', () => (systemIsDark.value = asked.matches));
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
}

function known(stored: string | null): ThemeChoice {
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
