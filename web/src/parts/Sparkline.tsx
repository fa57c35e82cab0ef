const WIDTH = 72;
const HEIGHT = 22;

/** A curve without axes, for a row of a table. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) return <span class="faint">—</span>;
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const x = (i: number) => ((i / (values.length - 1)) * (WIDTH - 4) + 2).toFixed(1);
  const y = (value: number) => (HEIGHT - 3 - ((value - low) / (high - low || 1)) * (HEIGHT - 6)).toFixed(1);
  const points = values.flatMap((value, i) => (Number.isFinite(value) ? [`${x(i)},${y(value)}`] : []));
  return (
    <svg class="spark" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  );
}
