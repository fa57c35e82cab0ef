/** Losses of one trial, each to be as low as can be. */
export type Losses = readonly number[];

/** Which points no other one beats: none is as low in all and lower in one. Equal ones stay together. */
export function frontOf(points: readonly Losses[]): readonly number[] {
  const order = points.map((_, i) => i).sort((a, b) => compare(points[a] as Losses, points[b] as Losses));
  const front: number[] = [];
  for (const i of order) {
    if (!front.some((k) => dominates(points[k] as Losses, points[i] as Losses))) front.push(i);
  }
  return front.sort((a, b) => a - b);
}

export function dominates(a: Losses, b: Losses): boolean {
  return a.every((loss, k) => loss <= (b[k] as number)) && a.some((loss, k) => loss < (b[k] as number));
}

function compare(a: Losses, b: Losses): number {
  for (const [k, loss] of a.entries()) if (loss !== b[k]) return loss - (b[k] as number);
  return 0;
}

/**
 * The volume between points and a reference that all of them are below, by slices along the last
 * objective (Zitzler's and Knowles' method). Meant for fronts of few hundreds in two to four objectives.
 */
export function hypervolume(points: readonly Losses[], reference: Losses): number {
  const inside = points.filter((point) => point.every((loss, k) => loss < (reference[k] as number)));
  return volume(inside, reference, reference.length);
}

function volume(points: readonly Losses[], reference: Losses, objectives: number): number {
  if (points.length === 0) return 0;
  const last = objectives - 1;
  if (objectives === 1) return (reference[0] as number) - Math.min(...points.map(([loss]) => loss as number));
  const sorted = [...points].sort((a, b) => (a[last] as number) - (b[last] as number));
  let sum = 0;
  for (const [k, point] of sorted.entries()) {
    const next = (sorted[k + 1]?.[last] ?? reference[last]) as number;
    const thickness = next - (point[last] as number);
    if (thickness > 0) sum += thickness * volume(sorted.slice(0, k + 1), reference, last);
  }
  return sum;
}

export interface Progress {
  /** The place in the list of points after which it holds, and the share of the box that is dominated. */
  readonly at: number;
  readonly share: number;
}

const MOST_STATIONS = 80;

/**
 * How the hypervolume grew: of the box from the best to the worst value of each objective, which
 * share is dominated after each point that joined the front.
 */
export function progressOf(points: readonly Losses[]): readonly Progress[] {
  const objectives = points[0]?.length ?? 0;
  const ends = Array.from({ length: objectives }, (_, k) => [Math.min(...column(points, k)), Math.max(...column(points, k))] as const);
  const scaled = points.map((point) => point.map((loss, k) => share(loss, ends[k] as readonly [number, number])));
  const box = new Array<number>(objectives).fill(1 + 1e-9);
  const stations: [number, readonly Losses[]][] = [];
  let front: Losses[] = [];
  for (const [i, point] of scaled.entries()) {
    if (front.some((one) => dominates(one, point) || compare(one, point) === 0)) continue;
    front = [...front.filter((one) => !dominates(point, one)), point];
    stations.push([i, front]);
  }
  const every = Math.ceil(stations.length / MOST_STATIONS);
  return stations
    .filter((_, k) => k % every === 0 || k === stations.length - 1)
    .map(([at, points]) => ({ at, share: hypervolume(points, box) }));
}

function column(points: readonly Losses[], k: number): number[] {
  return points.map((point) => point[k] as number);
}

function share(loss: number, [low, high]: readonly [number, number]): number {
  return high > low ? (loss - low) / (high - low) : 0;
}
