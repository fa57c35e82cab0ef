import type { Ink } from '../ink';
import type { Places } from '../places';
import { clipped, titleOf } from '../plot';
import type { Surface } from '../surface';
import type { Camera, Point } from './projection';

type Triple = readonly [number, number, number];

const TICKS = 5;
const LEAST_LENGTH = 40;
const LABEL_WIDTH = 110;
const CORNER = 0.04;
const EDGE = 4;

/** The three walls behind the trials, with ticks and titles along the edges before them. */
export function paintCube(surface: Surface, camera: Camera, far: Triple, axes: readonly [Places, Places, Places], width: number, ink: Ink): void {
  surface.lineWidth = 1;
  for (const axis of [0, 1, 2] as const) paintWall(surface, camera, far, axis, axes, ink);
  for (const axis of [0, 1, 2] as const) paintEdge(surface, camera, far, axis, axes[axis], width, ink);
}

function paintWall(surface: Surface, camera: Camera, far: Triple, wall: 0 | 1 | 2, axes: readonly Places[], ink: Ink): void {
  const [u, v] = [0, 1, 2].filter((axis) => axis !== wall) as [number, number];
  const spot = (a: number, b: number): Point => {
    const at: [number, number, number] = [0, 0, 0];
    [at[wall], at[u], at[v]] = [far[wall], a, b];
    return camera.at(...at);
  };
  surface.fillStyle = ink.grid;
  surface.globalAlpha = ink.isDark ? 0.35 : 0.3;
  path(surface, [spot(-0.5, -0.5), spot(0.5, -0.5), spot(0.5, 0.5), spot(-0.5, 0.5)]);
  surface.fill();
  surface.globalAlpha = 1;
  surface.strokeStyle = ink.line;
  path(surface, [spot(-0.5, -0.5), spot(0.5, -0.5), spot(0.5, 0.5), spot(-0.5, 0.5)]);
  surface.stroke();
  for (const { at } of (axes[u] as Places).ticks(TICKS)) line(surface, spot(at, -0.5), spot(at, 0.5));
  for (const { at } of (axes[v] as Places).ticks(TICKS)) line(surface, spot(-0.5, at), spot(0.5, at));
}

function paintEdge(surface: Surface, camera: Camera, far: Triple, axis: 0 | 1 | 2, places: Places, width: number, ink: Ink): void {
  const edge = edgeOf(camera, far, axis);
  const [from, to] = [edge(-0.5), edge(0.5)];
  // An axis that points at the eye has no room for words.
  if (Math.hypot(to[0] - from[0], to[1] - from[1]) < LEAST_LENGTH) return;
  const middle = camera.at(0, 0, 0);
  surface.strokeStyle = ink.strongLine;
  line(surface, from, to);
  surface.font = `11px ${ink.font}`;
  surface.fillStyle = ink.soft;
  surface.textBaseline = 'middle';
  for (const { at, label } of places.ticks(TICKS)) {
    // Two axes meet in this corner, and so would their words.
    const isCorner = axis !== 2 && Math.abs(at + far[axis]) < CORNER;
    if (!isCorner) word(surface, edge(at), middle, label, 13, width);
  }
  surface.font = `600 12px ${ink.font}`;
  surface.fillStyle = places.field.goal ? ink.best : ink.ink;
  word(surface, edge(0), middle, titleOf(places), axis === 2 ? 46 : 40, width);
}

/** The edge along which an axis has its words: at the bottom in front, upright at the left. */
function edgeOf(camera: Camera, far: Triple, axis: 0 | 1 | 2): (at: number) => Point {
  if (axis === 0) return (at) => camera.at(at, -far[1], far[2]);
  if (axis === 1) return (at) => camera.at(-far[0], at, far[2]);
  const [a, b] = [camera.at(far[0], -far[1], 0), camera.at(-far[0], far[1], 0)];
  return a[0] < b[0] ? (at) => camera.at(far[0], -far[1], at) : (at) => camera.at(-far[0], far[1], at);
}

/** A text beside a point, on the side away from the middle. */
function word(surface: Surface, at: Point, middle: Point, text: string, distance: number, width: number): void {
  const [dx, dy] = [at[0] - middle[0], at[1] - middle[1]];
  const length = Math.hypot(dx, dy) || 1;
  surface.textAlign = Math.abs(dx) < length * 0.35 ? 'center' : dx < 0 ? 'right' : 'left';
  const shown = clipped(surface, text, LABEL_WIDTH);
  const room = surface.measureText(shown).width;
  const before = { center: room / 2, right: room, left: 0 }[surface.textAlign as 'center' | 'right' | 'left'];
  const x = Math.min(width - EDGE - room + before, Math.max(EDGE + before, at[0] + (dx / length) * distance));
  surface.fillText(shown, x, at[1] + (dy / length) * distance);
}

function path(surface: Surface, points: readonly Point[]): void {
  surface.beginPath();
  for (const [k, [x, y]] of points.entries()) {
    if (k === 0) surface.moveTo(x, y);
    else surface.lineTo(x, y);
  }
  surface.closePath();
}

function line(surface: Surface, [x0, y0]: Point, [x1, y1]: Point): void {
  surface.beginPath();
  surface.moveTo(x0, y0);
  surface.lineTo(x1, y1);
  surface.stroke();
}
