import { useMemo } from 'preact/hooks';
import { messages } from '../../i18n/messages';
import { chartTitles } from '../../parts/ChartRail';
import { ColourKey } from '../../parts/ColourKey';
import { Drawn } from '../../parts/Drawn';
import { FieldPicker, LogToggle } from '../../parts/FieldPicker';
import { query, setQuery } from '../../state/router';
import { ChartFrame } from '../ChartFrame';
import type { Field } from '../fields';
import { chartHeight, type KindProps } from '../kinds';
import { chooseField, chooseScale, chosenField, chosenScale } from '../view';
import { Scatter3d, type Side } from './chart';
import { readView, writeView, type View } from './projection';
import { Turntable } from './Turntable';

const t = messages(
  {
    x: 'X',
    y: 'Y',
    z: 'Z',
    look: 'Look from',
    free: 'corner',
    shadows: 'Shadows',
    help: 'Drag turns it; so do the arrow keys. Grey dots on the walls are the same trials seen along one axis.',
  },
  {
    zh: {
      x: 'X',
      y: 'Y',
      z: 'Z',
      look: '视角',
      free: '斜角',
      shadows: '投影',
      help: '拖动或方向键可旋转。墙上的灰点是沿一个轴看到的同一批试验。',
    },
    ko: {
      x: 'X',
      y: 'Y',
      z: 'Z',
      look: '시점',
      free: '모서리',
      shadows: '그림자',
      help: '끌거나 화살표 키로 돌립니다. 벽의 회색 점은 한 축을 따라 본 같은 시행입니다.',
    },
  },
);

const CORNER: View = { turn: 325, tilt: 22, zoom: 1 };
/** Straight at one of the planes. */
const PLANES: Readonly<Record<string, View>> = {
  XY: { turn: 0, tilt: 90, zoom: 1 },
  XZ: { turn: 0, tilt: 0, zoom: 1 },
  YZ: { turn: 270, tilt: 0, zoom: 1 },
};

/** Any three values of trials in a cube. */
export function Scatter3dView({ trials, selection, fields, colouring }: KindProps) {
  const objective = fields[0] as Field;
  const parameters = fields.filter(({ isParameter }) => isParameter);
  const usual = [parameters[0] ?? objective, parameters[1] ?? (fields.find(({ key }) => key === '*duration') as Field), objective] as const;
  const side = (word: string, other: Field): Side => {
    const field = chosenField(fields, word, other);
    return { field, scale: chosenScale(word, field) };
  };
  const [x, y, z] = [side('x', usual[0]), side('y', usual[1]), side('z', usual[2])];
  const hasShadows = query.value.get('shadows') !== '0';
  const text = query.value.get('view');
  const view = useMemo(() => readView(text, CORNER), [text]);
  const chart = useMemo(
    () => new Scatter3d(trials, selection.mask, [x, y, z], colouring, hasShadows, view),
    [trials, selection, colouring, hasShadows, x.field, x.scale, y.field, y.scale, z.field, z.scale],
  );
  const look = (next: View) => setQuery({ view: next === CORNER ? null : writeView(next) });
  return (
    <ChartFrame
      title={chartTitles().scatter3d}
      chart={chart}
      height={chartHeight()}
      class="wide"
      beside={<ColourKey colouring={colouring} />}
      tools={
        <>
          {([['x', x], ['y', y], ['z', z]] as const).map(([word, one]) => (
            <span class="row tight" key={word}>
              <FieldPicker label={t()[word]} fields={fields} value={one.field.key} onChange={(key) => chooseField(word, key)} />
              <LogToggle field={one.field} scale={one.scale} onChange={(scale) => chooseScale(word, one.field, scale)} />
            </span>
          ))}
          <span class="row tight" role="group" aria-label={t().look}>
            {Object.entries(PLANES).map(([name, plane]) => (
              <button key={name} type="button" class="button small" onClick={() => look(plane)}>
                {name}
              </button>
            ))}
            <button type="button" class="button small" onClick={() => look(CORNER)}>
              {t().free}
            </button>
          </span>
          <button type="button" class="button small" aria-pressed={hasShadows} onClick={() => setQuery({ shadows: hasShadows ? '0' : null })}>
            {t().shadows}
          </button>
        </>
      }
      footer={
        <>
          <Drawn shown={chart.shown.length} all={trials.count} without={chart.without} />
          <p class="faint small">{t().help}</p>
        </>
      }
    >
      {(size) => <Turntable chart={chart} size={size} label={chartTitles().scatter3d} view={view} onView={look} />}
    </ChartFrame>
  );
}
