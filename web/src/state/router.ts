import { computed, signal } from '@preact/signals';

/** Where the browser is. Every view reads what it shows from here, so that a link shows the same. */
export const place = signal(here());
export const path = computed(() => place.value.path);
export const query = computed(() => new URLSearchParams(place.value.search));

/** What a page is given: the parts of its address. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}

interface Place {
  readonly path: string;
  readonly search: string;
}

function here(): Place {
  if (typeof location === 'undefined') return { path: '/', search: '' };
  return { path: location.pathname, search: location.search };
}

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const from = place.value.path;
  if (options.replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  place.value = here();
  if (place.value.path !== from) arrive();
}

/** A page that was entered begins at its top, and what reads it aloud is told so. */
function arrive(): void {
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}

/** Changes parts of the query; null or an empty text takes one out. */
export function setQuery(changes: Readonly<Record<string, string | null>>, replace = true): void {
  navigate(withQuery(changes), { replace });
}

/** The present address with parts of its query changed. */
export function withQuery(changes: Readonly<Record<string, string | null>>): string {
  const next = new URLSearchParams(place.value.search);
  for (const [key, value] of Object.entries(changes)) {
    if (value) next.set(key, value);
    else next.delete(key);
  }
  const text = next.toString();
  return place.value.path + (text && `?${text}`);
}

/** Links of ours change the page without loading it anew. */
export function followLinks(): void {
  addEventListener('popstate', () => (place.value = here()));
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest('a');
    if (!link || link.target || link.hasAttribute('download')) return;
    const to = new URL(link.href, location.href);
    if (to.origin !== location.origin || to.pathname.startsWith('/api/')) return;
    event.preventDefault();
    if (to.hash) document.getElementById(to.hash.slice(1))?.focus();
    else navigate(to.pathname + to.search);
  });
}

/** The parts of a path that a pattern such as `/jobs/:name` names; undefined when it does not fit. */
export function match(pattern: string, given: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/');
  const parts = given.replace(/\/+$/, '').split('/');
  if (wanted.length !== parts.length) return undefined;
  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const text = parts[i] as string;
    if (!part.startsWith(':')) {
      if (part !== text) return undefined;
      continue;
    }
    try {
      found[part.slice(1)] = decodeURIComponent(text);
    } catch {
      return undefined;
    }
  }
  return found;
}

export function jobAddress(name: string, ...rest: readonly (string | number)[]): string {
  return ['/jobs', name, ...rest].map((part, i) => (i ? encodeURIComponent(part) : part)).join('/');
}
