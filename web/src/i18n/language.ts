import { signal } from '@preact/signals';

export type Language = 'en' | 'zh' | 'ko';

export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', zh: '中文', ko: '한국어' };
const KEY = 'dowse.language';

/** What the interface speaks: what was chosen here, else what the browser asks for. */
export const language = signal<Language>(initial());

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  document.documentElement.lang = chosen;
  remember(KEY, chosen);
}

/** The first of the browser's languages that there is a catalogue for. */
export function preferred(asked: readonly string[]): Language {
  for (const tag of asked) {
    const known = tag.slice(0, 2).toLowerCase();
    if (isLanguage(known)) return known;
  }
  return 'en';
}

function initial(): Language {
  if (typeof document === 'undefined') return 'en';
  const stored = recall(KEY);
  const found = stored !== null && isLanguage(stored) ? stored : preferred(navigator.languages);
  document.documentElement.lang = found;
  return found;
}

function isLanguage(word: string): word is Language {
  return word in LANGUAGES;
}

/** Storage may be forbidden or full; then a choice holds until the page is left. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing to do: see above.
  }
}

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
