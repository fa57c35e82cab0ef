import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface CardProps {
  readonly title: ComponentChildren;
  /** What stands beside the title: a legend, a count. */
  readonly beside?: ComponentChildren;
  /** What can be done with it, at the right. */
  readonly tools?: ComponentChildren;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

/** A named part of a page. */
export function Card({ title, beside, tools, class: extra = '', children }: CardProps) {
  const id = useId();
  return (
    <section class={`card ${extra}`} aria-labelledby={id}>
      <header class="card-head">
        <h2 id={id}>{title}</h2>
        {beside}
        {tools && <div class="card-tools">{tools}</div>}
      </header>
      {children}
    </section>
  );
}
