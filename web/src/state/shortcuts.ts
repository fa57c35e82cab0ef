import { useLayoutEffect } from 'preact/hooks';

/** One key with what it does; `mod` is Ctrl, or the command key of a Mac. */
export interface Shortcut {
  readonly key: string;
  readonly mod?: boolean;
  readonly says: () => string;
  readonly run: (event: KeyboardEvent) => void;
}

const active: Shortcut[][] = [];

/** Shortcuts that hold while a component shows; those of the innermost one win. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  // Before anything is painted: what is to be seen is to be used.
  useLayoutEffect(() => {
    const mine = [...shortcuts];
    active.push(mine);
    return () => {
      active.splice(active.indexOf(mine), 1);
    };
  });
}

/** All that hold now, the innermost first, each key once. */
export function shortcutsNow(): readonly Shortcut[] {
  const known = new Set<string>();
  return active
    .toReversed()
    .flat()
    .filter((one) => {
      const name = `${one.mod ?? false} ${one.key}`;
      return !known.has(name) && known.add(name);
    });
}

export function followKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const mod = event.ctrlKey || event.metaKey;
    // A single letter must not do something while somebody types it.
    if (!mod && isTyping(event.target)) return;
    if (!mod && document.querySelector('dialog[open]')) return;
    const found = shortcutsNow().find((one) => one.key === event.key && (one.mod ?? false) === mod);
    if (!found) return;
    event.preventDefault();
    found.run(event);
  });
}

/** Nothing is typed into a box that is ticked, or a slider. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|range|button|submit)$/.test(target.type);
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName));
}
