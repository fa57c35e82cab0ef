import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { words } from '../i18n/words';

const SHOWN_MS = 1500;

/** Puts a text into the clipboard, and says that it did. */
export function CopyButton({ text, children }: { text: () => string; children?: ComponentChildren }) {
  const copied = useSignal(false);
  const copy = async () => {
    await toClipboard(text());
    copied.value = true;
    setTimeout(() => (copied.value = false), SHOWN_MS);
  };
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      <span aria-live="polite">{copied.value ? words().copied : (children ?? words().copy)}</span>
    </button>
  );
}

/** Browsers give the clipboard to pages of HTTPS and localhost only; elsewhere the old way does. */
async function toClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
