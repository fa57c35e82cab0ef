import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

interface Typed<T> {
  /** What the field shows. */
  readonly value: T;
  readonly type: (value: T) => void;
  /** Sends at once what waits to be sent. */
  readonly flush: () => void;
}

/**
 * The value of a field that others read and change, too: what is typed is sent a moment after the
 * last key. Only a key sends: a field that nobody touched has nothing to say, whatever it shows.
 */
export function useTyped<T>(shared: ReadonlySignal<T>, send: (typed: T) => void, afterMs: number): Typed<T> {
  const typed = useSignal(shared.value);
  const known = useRef(shared.value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const forget = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
  };
  useEffect(() => forget, []);
  useEffect(() => {
    // What this field sent comes back; somebody who goes on typing must not lose what came since.
    if (shared.value === known.current) return;
    forget();
    typed.value = known.current = shared.value;
  }, [shared.value]);
  const flush = () => {
    if (timer.current === undefined) return;
    forget();
    send(typed.peek());
    known.current = shared.peek();
  };
  const type = (value: T) => {
    forget();
    typed.value = value;
    timer.current = setTimeout(flush, afterMs);
  };
  return { value: typed.value, type, flush };
}
