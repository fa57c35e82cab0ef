import { words } from '../../i18n/words';
import { jobAddress } from '../../state/router';
import type { Status } from '../../state/statuses';
import type { Trials } from '../../state/trials';
import type { Hit, Size, Table } from '../chart';
import type { Colouring } from '../colouring';
import { cell, said, type Field } from '../fields';
import type { Ink } from '../ink';
import { paintMarks } from '../marks';
import { Places } from '../places';
import type { Outline, PointedChart } from '../PointedCanvas';
import type { ScaleKind } from '../scales';
import type { Surface } from '../surface';
import { paintCube } from './cube';
import { byDepth, cameraOf, farSides, type Camera, type View } from './projection';
import { paintSprites } from './sprites';

export interface Side {
  readonly field: Field;
  readonly scale: ScaleKind;
}

const NEAR = 11;
/** Outside of the cube, where trials stand that have no value on an axis. */
const OUTSIDE = -0.58;
const MOST_SHADOWS = 4000;

interface Spots {
  readonly camera: Camera;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly depths: Float64Array;
}

/** Trials as dots in a cube over any three of their values. */
export class Scatter3d implements PointedChart {
  readonly name = 'scatter3d';
  readonly shown: readonly number[];
  readonly axes: readonly [Places, Places, Places];
  private readonly at: readonly [Float64Array, Float64Array, Float64Array];
  private known: { key: string; spots: Spots } | undefined;

  constructor(
    readonly trials: Trials,
    readonly mask: Uint8Array,
    readonly sides: readonly [Side, Side, Side],
    readonly colouring: Colouring,
    private readonly hasShadows: boolean,
    /** Read when it paints: turning does not make a new chart. */
    public view: View,
  ) {
    this.shown = Array.from(mask.keys()).filter((i) => mask[i] === 1);
    const places = ({ field, scale }: Side) => new Places(field, scale, [-0.5, 0.5]);
    this.axes = [places(sides[0]), places(sides[1]), places(sides[2])];
    const spots = (axis: Places) => axis.field.values.map((_, i) => (Number.isNaN(axis.of(i)) ? OUTSIDE : axis.of(i)));
    this.at = [spots(this.axes[0]), spots(this.axes[1]), spots(this.axes[2])];
  }

  get without(): number {
    return this.shown.filter((i) => this.at.some((one) => one[i] === OUTSIDE)).length;
  }

  get summary(): string {
    const names = this.sides.map(({ field }) => field.title).join(' × ');
    return `${names}: ${words().shownOf(this.shown.length, this.trials.count)}`;
  }

  paint(surface: Surface, size: Size, ink: Ink): void {
    const { camera, xs, ys, depths } = this.spots(size);
    const far = farSides(camera);
    paintCube(surface, camera, far, this.axes, size.width, ink);
    if (this.hasShadows && this.shown.length <= MOST_SHADOWS) this.paintShadows(surface, camera, far, ink);
    const order = byDepth(depths, this.shown);
    const r = this.shown.length > 5000 ? 2 : this.shown.length > 800 ? 2.8 : 4;
    paintSprites(surface, order, xs, ys, depths, r, this.colouring, ink);
    const best = this.trials.best;
    if (best === undefined || !this.mask[best]) return;
    surface.strokeStyle = ink.best;
    surface.lineWidth = 2.2;
    surface.beginPath();
    surface.arc(xs[best] as number, ys[best] as number, 7.5, 0, 2 * Math.PI);
    surface.stroke();
  }

  table(): Table {
    const fields = [...new Set([...this.sides.map(({ field }) => field), this.colouring.field])].filter(({ key }) => key !== '*status' && key !== '*trial');
    const rows = this.shown.map((i) => [
      this.trials.number[i] as number,
      words()[this.trials.statuses[i] as Status],
      ...fields.map((field) => cell(field, i)),
    ]);
    return { columns: [words().trial, words().status, ...fields.map(({ title }) => title)], rows };
  }

  /** Of several near the pointer the one that is nearest to the eye. */
  hit(px: number, py: number, size: Size): Hit | undefined {
    const { xs, ys, depths } = this.spots(size);
    let [found, least] = [-1, Infinity];
    for (const i of this.shown) {
      const distance = Math.hypot((xs[i] as number) - px, (ys[i] as number) - py);
      if (distance > NEAR) continue;
      const rank = distance - 4 * (depths[i] as number);
      if (rank < least) [found, least] = [i, rank];
    }
    if (found < 0) return undefined;
    const trial = this.trials.number[found] as number;
    const fields = new Set([...this.sides.map(({ field }) => field), this.colouring.field]);
    return {
      x: xs[found] as number,
      y: ys[found] as number,
      title: `${words().trialNumber(trial)} · ${words()[this.trials.statuses[found] as Status]}`,
      lines: [...fields].filter(({ key }) => key !== '*status').map((field) => `${field.title} ${said(field, found)}`),
      href: jobAddress(this.trials.job, 'trials', trial),
    };
  }

  stops(size: Size): Outline {
    const { xs, ys } = this.spots(size);
    return [...this.trials.ranking.filter((i) => this.mask[i])].map((i) => [xs[i] as number, ys[i] as number] as const);
  }

  probe(size: Size): Record<string, unknown> {
    const { xs, ys } = this.spots(size);
    return {
      shown: this.shown.length,
      all: this.trials.count,
      without: this.without,
      axes: this.sides.map(({ field }) => field.title),
      view: this.view,
      at: this.shown.slice(0, 50).map((i) => [this.trials.number[i], xs[i], ys[i]]),
    };
  }

  private spots(size: Size): Spots {
    const { turn, tilt, zoom } = this.view;
    const key = [size.width, size.height, turn, tilt, zoom].join(' ');
    if (this.known?.key === key) return this.known.spots;
    const scale = Math.min(size.width * 0.5, size.height * 0.56);
    const camera = cameraOf(this.view, [size.width / 2, size.height / 2 - 12], scale);
    const [xs, ys, depths] = [0, 1, 2].map(() => new Float64Array(this.trials.count)) as [Float64Array, Float64Array, Float64Array];
    for (const i of this.shown) {
      [xs[i], ys[i], depths[i]] = camera.at(this.at[0][i] as number, this.at[1][i] as number, this.at[2][i] as number);
    }
    this.known = { key, spots: { camera, xs, ys, depths } };
    return this.known.spots;
  }

  /** Each trial once more on the three walls behind it. */
  private paintShadows(surface: Surface, camera: Camera, far: readonly [number, number, number], ink: Ink): void {
    surface.fillStyle = ink.ghost;
    surface.globalAlpha = 0.3;
    const [a, b, c] = this.at;
    for (const wall of [0, 1, 2]) {
      const xs = new Float64Array(this.trials.count);
      const ys = new Float64Array(this.trials.count);
      for (const i of this.shown) {
        const spot: [number, number, number] = [a[i] as number, b[i] as number, c[i] as number];
        spot[wall] = far[wall] as number;
        [xs[i], ys[i]] = camera.at(...spot) as unknown as [number, number];
      }
      paintMarks(surface, 'dot', this.shown, xs, ys, 1.5);
    }
    surface.globalAlpha = 1;
  }
}
