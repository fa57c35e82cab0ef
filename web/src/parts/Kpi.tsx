import type { ComponentChildren } from 'preact';

interface KpiProps {
  readonly label: string;
  readonly beside?: ComponentChildren;
  readonly figure: ComponentChildren;
  readonly isBest?: boolean;
  readonly children?: ComponentChildren;
}

/** One figure with what it means and what it comes from. */
export function Kpi({ label, beside, figure, isBest = false, children }: KpiProps) {
  return (
    <section class="card kpi" aria-label={label}>
      <div class="kpi-head">
        <h2>{label}</h2>
        <span class="small">{beside}</span>
      </div>
      <p class="kpi-figure" data-best={isBest}>
        {figure}
      </p>
      <div class="kpi-foot">{children}</div>
    </section>
  );
}
