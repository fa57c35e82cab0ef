/**
 * How long a chart took from having its data to being on the screen, kept as `painted <name>` in the
 * browser's own timeline: for its profiler, and for `make bench-console`.
 */
const begun = new Map<string, number>();

/** The data of a chart are there. Only the first call counts until it is painted. */
export function hasData(name: string): void {
  if (!begun.has(name)) begun.set(name, performance.now());
}

/** The last of it was painted in this frame, which ends after the programs that run in it. */
export function isPainted(name: string): void {
  const start = begun.get(name);
  if (start === undefined) return;
  begun.delete(name);
  setTimeout(() => {
    // Of a page that lives on only the latest is kept.
    performance.clearMeasures(`painted ${name}`);
    performance.measure(`painted ${name}`, { start, end: performance.now() });
  });
}
