import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { isLoggedIn } from './api/client';
import { Frame } from './parts/Frame';
import { Skeleton } from './parts/Calm';
import { JobFrame } from './parts/JobFrame';
import { NotFound } from './pages/NotFound';
import { find, type Route } from './routes';
import { followServer } from './state/live';
import { navigate, path, place, type PageProps } from './state/router';

export function App() {
  useLayoutEffect(() => {
    if (path.value === '/') navigate(`/jobs${place.value.search}`, { replace: true });
  }, [path.value]);
  const found = find(path.value);
  const isLogin = path.value === '/login';
  useEffect(() => {
    if (!isLogin) followServer();
  }, [isLogin]);
  useEffect(() => {
    if (!isLoggedIn.value && !isLogin) {
      const next = place.value.path + place.value.search;
      navigate(`/login?next=${encodeURIComponent(next)}${location.hash}`, { replace: true });
    }
  }, [isLoggedIn.value, isLogin]);
  if (path.value === '/') return null;
  if (!found) {
    return (
      <Frame>
        <NotFound />
      </Frame>
    );
  }
  const shown = <LazyPage route={found.route} params={found.params} />;
  if (isLogin) return shown;
  const name = found.params.name as string;
  return (
    <Frame>
      {found.route.isOfJob ? (
        <JobFrame key={name} name={name}>
          {shown}
        </JobFrame>
      ) : (
        shown
      )}
    </Frame>
  );
}

const loaded = new Map<Route['load'], ComponentType<PageProps>>();

/** Shows a page as soon as its code is there. */
function LazyPage({ route, params }: { route: Route; params: PageProps['params'] }) {
  const arrived = useSignal(0);
  const failed = useSignal(false);
  useEffect(() => {
    if (loaded.has(route.load)) return;
    route.load().then(
      (module) => {
        loaded.set(route.load, module.default);
        arrived.value += 1;
      },
      () => (failed.value = true),
    );
  }, [route.load]);
  void arrived.value;
  const Page = loaded.get(route.load);
  // A server that was upgraded has new files: the page must be loaded anew.
  if (failed.value && !Page) return <NotFound isOutdated />;
  return Page ? <Page params={params} /> : <Skeleton height={320} lines={4} />;
}
