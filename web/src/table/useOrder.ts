import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { heldPlaces, isSameOrder, newcomers, numbersOf, sortedPlaces, type Sort } from './order';
import type { Field } from '../charts/fields';
import type { Trials } from '../state/trials';

export interface Order {
  readonly places: Int32Array;
  /** Trials that belong here and wait, because somebody reads what is shown. */
  readonly waiting: number;
  /** Whether they would stand in another order by now. */
  readonly isOld: boolean;
  renew(): void;
}

interface Held {
  readonly key: string;
  readonly numbers: Float64Array;
}

/**
 * The rows in their order. What was asked for, `key`, is answered at once; what merely happens meanwhile
 * waits as long as `isRead` holds, so that nothing moves under a pointer.
 */
export function useOrder(trials: Trials, mask: Uint8Array, field: Field | undefined, sort: Sort, key: string, isRead: boolean): Order {
  const held = useRef<Held | undefined>(undefined);
  const renewed = useSignal(0);
  const fresh = useMemo(() => sortedPlaces(trials, mask, field, sort.isDown), [trials, mask, field, sort.isDown]);
  const isCurrent = held.current?.key !== key || !isRead;
  if (isCurrent) held.current = { key, numbers: numbersOf(trials, fresh) };
  const { numbers } = held.current as Held;
  return useMemo(() => {
    const renew = () => {
      held.current = undefined;
      renewed.value += 1;
    };
    if (isCurrent) return { places: fresh, waiting: 0, isOld: false, renew };
    const places = heldPlaces(trials, numbers);
    const waiting = newcomers(trials, fresh, numbers);
    return { places, waiting, isOld: waiting === 0 && !isSameOrder(places, fresh), renew };
  }, [trials, fresh, isCurrent, numbers, renewed.value]);
}
