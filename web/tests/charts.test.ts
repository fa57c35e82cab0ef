import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from '../src/charts/exports';
import { axis, extent, robustExtent, timeAxis, wholeAxis } from '../src/charts/scales';
import { SvgSurface } from '../src/charts/svg';
import { brushOf, spansOf } from '../src/charts/parallel/spans';
import { axisOf } from '../src/charts/parallel/model';
import { takeIn, type ColumnsDocument } from '../src/state/trials';

test('an axis of one value, of none, or of a log scale that begins at 0 is an axis all the same', () => {
  assert.deepEqual(axis('linear', [5, 5], [0, 1]).domain, [4.5, 5.5]);
  assert.deepEqual(axis('linear', [NaN, NaN], [0, 1]).domain, [0, 1]);
  const [low, high] = axis('log', [0, 100], [0, 1]).domain;
  assert.ok(low > 0 && high === 100);
});

test('the ticks of a log axis are written in one way and are not too many', () => {
  const lr = axis('log', [1e-5, 1e-1], [0, 1]);
  assert.deepEqual(lr.ticks(6).map(lr.label), ['1e-5', '1e-4', '1e-3', '1e-2', '1e-1']);
  assert.ok(axis('log', [1e-30, 1], [0, 1]).ticks(6).length <= 7);
  const size = axis('log', [1, 1000], [0, 1]);
  assert.deepEqual(size.ticks(4).map(size.label), ['1', '10', '100', '1000']);
});

test('what is counted has no ticks between', () => {
  assert.deepEqual(wholeAxis([1, 3], [0, 600]).ticks(8), [1, 2, 3]);
});

test('times have ticks that people count in', () => {
  assert.deepEqual(timeAxis(5 * 3600, [0, 600]).ticks(6), [0, 3600, 7200, 10_800, 14_400, 18_000]);
  assert.deepEqual(timeAxis(45, [0, 600]).ticks(5), [0, 10, 20, 30, 40]);
});

test('what is far out does not decide what most values span', () => {
  const values = [...Array.from({ length: 99 }, (_, i) => i / 100), 1e9, NaN, Infinity];
  assert.ok(robustExtent(values)[1] < 1);
  assert.deepEqual(extent(values), [0, 1e9]);
  assert.deepEqual(extent([NaN]), [NaN, NaN]);
});

test('CSV keeps every text a text', () => {
  const rows = [['a,b', 1.5, null], ['say "x"\n', true, -2], ['=HYPERLINK("x")', 0, 1e-7]];
  assert.equal(
    csvOf({ columns: ['name', 'x', 'y'], rows }),
    'name,x,y\r\n"a,b",1.5,\r\n"say ""x""\n",true,-2\r\n"\'=HYPERLINK(""x"")",0,1e-7\r\n',
  );
});

test('what is painted is written down as SVG, and a text in it stays a text', () => {
  const surface = new SvgSurface({ width: 100, height: 50 });
  surface.strokeStyle = '#f00';
  surface.beginPath();
  surface.moveTo(0, 1.23456);
  surface.lineTo(10, 20);
  surface.stroke();
  surface.globalAlpha = 0.5;
  surface.fillText('<script>&"', 5, 5);
  const text = surface.toString();
  assert.match(text, /<path d="M0 1.23L10 20" fill="none" stroke="#f00"/);
  assert.match(text, /opacity="0.5">&lt;script&gt;&amp;&quot;<\/text>/);
});

function parallelAxis(parameters: Record<string, unknown>, name: string, spec?: unknown, isInverted = false) {
  const count = 3;
  const found = takeIn(undefined, {
    job: 'j', metric: 'loss', goal: 'minimize', full: true, cursor: '', last_event: 0, total: count, removed: [], tags: {}, objectives: [{ metric: 'loss', goal: 'minimize', use: 'last', window: 1 }], metric_limits: [], further: {},
    number: [1, 2, 3], state: { labels: ['succeeded'], codes: [0, 0, 0] }, reason: { labels: [], codes: [-1, -1, -1] },
    worker: { labels: [], codes: [-1, -1, -1] }, attempt: [1, 1, 1], objective: [1, 2, null], step: [1, 1, 1],
    created_at: [1, 1, 1], started_at: [1, 1, 1], ended_at: [2, 2, 2], parameters, metrics: {},
  } as unknown as ColumnsDocument);
  const axis = axisOf(found, { name, isInverted, isSwapped: false }, spec as never);
  assert.ok(axis);
  return axis;
}

test('a brush is what was drawn: in values, open at the ends of the axis, whole labels', () => {
  const spec = { kind: 'double', name: 'lr', min: 1e-4, max: 1, scale: 'log' };
  const lr = parallelAxis({ lr: { values: [1e-4, 1e-2, null] } }, 'lr', spec);
  assert.equal(lr.missing, 1);
  const drawn = brushOf(lr, [{ low: 0, high: 0.5 }]);
  assert.equal(drawn?.ranges[0]?.low, -Infinity);
  assert.ok(Math.abs((drawn?.ranges[0]?.high ?? 0) - 1e-2) < 1e-9);
  assert.equal(brushOf(lr, [{ low: 0, high: 1 }]), undefined);
  assert.deepEqual(spansOf(lr, drawn as never).map(({ low, high }) => [low, Math.round(high * 100)]), [[0, 50]]);
  const turned = parallelAxis({ lr: { values: [1e-4, 1e-2, null] } }, 'lr', spec, true);
  assert.equal(brushOf(turned, [{ low: 0, high: 0.5 }])?.ranges[0]?.high, Infinity);
  const opt = parallelAxis({ opt: { labels: ['a', 'b', 'c'], codes: [0, 1, 2] } }, 'opt');
  assert.deepEqual(brushOf(opt, [{ low: 0.1, high: 0.6 }])?.labels, ['a', 'b']);
});
