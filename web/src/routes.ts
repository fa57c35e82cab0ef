import type { ComponentType } from 'preact';
import { match, type PageProps } from './state/router';

export interface Route {
  readonly pattern: string;
  /** Pages below a job stand in its frame and share what is known of it. */
  readonly isOfJob: boolean;
  readonly load: () => Promise<{ readonly default: ComponentType<PageProps> }>;
}

function page(pattern: string, load: Route['load']): Route {
  return { pattern, load, isOfJob: pattern.startsWith('/jobs/:name') };
}

/** The first that fits an address shows it. Each page is a file of its own, loaded when it is needed. */
export const ROUTES: readonly Route[] = [
  page('/jobs', () => import('./pages/Jobs')),
  page('/jobs/new', () => import('./pages/NewJob')),
  page('/jobs/:name', () => import('./pages/Overview')),
  page('/jobs/:name/trials', () => import('./pages/Trials')),
  page('/jobs/:name/trials/:number', () => import('./pages/Trial')),
  page('/jobs/:name/charts', () => import('./pages/Charts')),
  page('/jobs/:name/charts/:chart', () => import('./pages/Charts')),
  page('/jobs/:name/extend', () => import('./pages/Extend')),
  page('/jobs/:name/config', () => import('./pages/Config')),
  page('/jobs/:name/events', () => import('./pages/Events')),
  page('/compare', () => import('./pages/Compare')),
  page('/workers', () => import('./pages/Workers')),
  page('/settings', () => import('./pages/Settings')),
  page('/login', () => import('./pages/Login')),
];

export function find(path: string): { route: Route; params: PageProps['params'] } | undefined {
  for (const route of ROUTES) {
    const params = match(route.pattern, path);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}
