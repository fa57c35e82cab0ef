/** From where a cube is looked at: turned round its upright axis, then tilted, in degrees. */
export interface View {
  readonly turn: number;
  readonly tilt: number;
  readonly zoom: number;
}

export type Point = readonly [number, number, number];

/** From places in the cube, each from -0.5 to 0.5, to pixels; `depth` is greater nearer to the eye. */
export interface Camera {
  at(x: number, y: number, z: number): Point;
}

/** How much nearer things are larger: 0 would be none. */
const PERSPECTIVE = 0.18;

export function cameraOf(view: View, middle: readonly [number, number], scale: number): Camera {
  const [turn, tilt] = [(view.turn * Math.PI) / 180, (view.tilt * Math.PI) / 180];
  const [cosTurn, sinTurn, cosTilt, sinTilt] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
  const size = scale * view.zoom;
  return {
    at: (x, y, z) => {
      const across = x * cosTurn - y * sinTurn;
      const away = x * sinTurn + y * cosTurn;
      const depth = z * sinTilt - away * cosTilt;
      const up = z * cosTilt + away * sinTilt;
      const near = size / (1 - PERSPECTIVE * depth);
      return [middle[0] + across * near, middle[1] - up * near, depth];
    },
  };
}

const BUCKETS = 256;

/** The farthest first. Within a 256th of the depth the order stays as it was. */
export function byDepth(depths: Float64Array, places: readonly number[]): Int32Array {
  let [low, high] = [Infinity, -Infinity];
  for (const i of places) {
    const depth = depths[i] as number;
    if (depth < low) low = depth;
    if (depth > high) high = depth;
  }
  const step = (high - low) / BUCKETS || 1;
  const bucket = (i: number) => Math.min(BUCKETS - 1, Math.floor(((depths[i] as number) - low) / step));
  const starts = new Int32Array(BUCKETS + 1);
  for (const i of places) starts[bucket(i) + 1] = (starts[bucket(i) + 1] as number) + 1;
  for (let k = 0; k < BUCKETS; k++) starts[k + 1] = (starts[k + 1] as number) + (starts[k] as number);
  const order = new Int32Array(places.length);
  for (const i of places) {
    const k = bucket(i);
    order[starts[k] as number] = i;
    starts[k] = (starts[k] as number) + 1;
  }
  return order;
}

/** For each axis the side of the cube that lies behind: -0.5 or 0.5. */
export function farSides(camera: Camera): readonly [number, number, number] {
  const depth = (x: number, y: number, z: number) => camera.at(x, y, z)[2];
  const far = (low: number, high: number) => (low <= high ? -0.5 : 0.5);
  return [
    far(depth(-0.5, 0, 0), depth(0.5, 0, 0)),
    far(depth(0, -0.5, 0), depth(0, 0.5, 0)),
    far(depth(0, 0, -0.5), depth(0, 0, 0.5)),
  ];
}

/** The angles of an address, `turn,tilt,zoom`. */
export function readView(text: string | null, usual: View): View {
  const [turn, tilt, zoom] = (text ?? '').split(',').map(Number);
  if (text === null || !Number.isFinite(turn) || !Number.isFinite(tilt)) return usual;
  return turned({ turn: turn as number, tilt: tilt as number, zoom: Number.isFinite(zoom) ? (zoom as number) : 1 }, 0, 0);
}

export function writeView({ turn, tilt, zoom }: View): string {
  return [Math.round(turn), Math.round(tilt), ...(zoom === 1 ? [] : [Number(zoom.toFixed(2))])].join(',');
}

/** Turned and tilted by some degrees; never over the top. */
export function turned(view: View, turn: number, tilt: number, zoom = 1): View {
  const whole = (view.turn + turn) % 360;
  return {
    turn: whole < 0 ? whole + 360 : whole,
    tilt: Math.min(90, Math.max(-90, view.tilt + tilt)),
    zoom: Math.min(4, Math.max(0.4, view.zoom * zoom)),
  };
}
