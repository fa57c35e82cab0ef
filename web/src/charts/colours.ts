/** Viridis at eleven equal steps (matplotlib's colour map, CC0). */
const VIRIDIS = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
] as const;

/** From dark violet (0) to bright yellow (1), each step as different from the next to every eye. */
export function sequence(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const i = Math.min(VIRIDIS.length - 2, Math.floor(place));
  const [a, b] = [VIRIDIS[i] as readonly number[], VIRIDIS[i + 1] as readonly number[]];
  const mixed = a.map((part, k) => Math.round(part + (place - i) * ((b[k] as number) - part)));
  return `rgb(${mixed.join(',')})`;
}

/** Okabe and Ito's eight, which colour-blind people tell apart; black is left to the ink. */
export const KINDS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8a8a00', '#7a5195'] as const;

/** The same eight on a dark ground. */
export const DARK_KINDS = ['#56a8e0', '#f0b429', '#2fc79a', '#e39cc6', '#9ddcff', '#ff8247', '#c9c93f', '#b48fd1'] as const;
