import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A question in front of the page: the browser keeps the focus inside and Esc closes it. */
export function Dialog({ title, onClose, class: extra = '', children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  const onClick = (event: MouseEvent) => {
    if (event.target === element.current) onClose(); // Beside the box, on what lies behind it.
  };
  return (
    <dialog ref={element} class={`dialog ${extra}`} aria-labelledby={id} onClose={onClose} onClick={onClick}>
      <div class="dialog-box">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
