const WIDTH = 72;
const HEIGHT = 22;

/** A curve without axes, for a row of a table. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const points = values.map((value, i) => [i, value] as const);
  return <Spark points={points} end={values.length - 1} />;
}

interface StepsProps {
  /** From where on each value holds. */
  readonly steps: readonly (readonly [number, number])[];
  /** Up to where the last one holds. */
  readonly end: number;
}

/** How something that stays for a while got better, for a row of a table. */
export function StepLine({ steps, end }: StepsProps) {
  const points = steps.flatMap(([x, y], i) => (i > 0 ? [[x, (steps[i - 1] as readonly [number, number])[1]] as const, [x, y] as const] : [[x, y] as const]));
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last || first[0] >= end) return null;
  return <Spark points={[...points, [end, last[1]]]} end={end} from={first[0]} isBest />;
}

interface SparkProps {
  readonly points: readonly (readonly [number, number])[];
  readonly end: number;
  readonly from?: number;
  readonly isBest?: boolean;
}

function Spark({ points, end, from = 0, isBest = false }: SparkProps) {
  const shown = points.filter(([, value]) => Number.isFinite(value));
  if (shown.length < 2) return <span class="faint">—</span>;
  const values = shown.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (at: number) => (((at - from) / Math.max(1, end - from)) * (WIDTH - 4) + 2).toFixed(1);
  const y = (value: number) => (HEIGHT - 3 - ((value - low) / (high - low || 1)) * (HEIGHT - 6)).toFixed(1);
  return (
    <svg class="spark" data-best={isBest || undefined} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={shown.map(([at, value]) => `${x(at)},${y(value)}`).join(' ')} />
    </svg>
  );
}
