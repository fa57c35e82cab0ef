import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { messages } from '../../i18n/messages';
import { OBJECTIVE } from '../../state/brushes';
import { jobAddress, query, setQuery } from '../../state/router';
import { setFilter } from '../../state/selection';
import { ColourKey } from '../../parts/ColourKey';
import { chartTitles } from '../../parts/ChartRail';
import { Drawn } from '../../parts/Drawn';
import { FieldPicker, LogToggle } from '../../parts/FieldPicker';
import type { Size } from '../chart';
import { ChartFrame } from '../ChartFrame';
import { fieldOf, type Field } from '../fields';
import { chartHeight, type KindProps } from '../kinds';
import { PointedCanvas, type Outline } from '../PointedCanvas';
import { chooseField, chooseScale, chooseTrials, chosenField, chosenScale, chosenTrials, writeNumbers } from '../view';
import { Scatter } from './chart';

const t = messages(
  {
    x: 'Across',
    y: 'Up',
    size: 'Size',
    alike: 'alike',
    chosen: (count: number) => `${count} chosen`,
    keep: 'Show only these',
    compare: 'Compare',
    drop: 'Unselect',
    help: 'Draw a line round trials to choose them. A click opens a trial.',
  },
  {
    zh: {
      x: '横轴',
      y: '纵轴',
      size: '大小',
      alike: '相同',
      chosen: (count: number) => `已选 ${count} 个`,
      keep: '只显示这些',
      compare: '比较',
      drop: '取消选择',
      help: '在试验周围画线即可选中它们。点击可打开试验。',
    },
    ko: {
      x: '가로축',
      y: '세로축',
      size: '크기',
      alike: '같음',
      chosen: (count: number) => `${count}개 선택됨`,
      keep: '이것만 표시',
      compare: '비교',
      drop: '선택 해제',
      help: '시행 둘레에 선을 그리면 선택됩니다. 누르면 시행이 열립니다.',
    },
  },
);

/** Any two values of trials against each other; the address says which. */
export function ScatterView({ trials, selection, fields, colouring }: KindProps) {
  const objective = fields[0] as Field;
  const across = chosenField(fields, 'x', fields.find(({ isParameter }) => isParameter) ?? objective);
  const up = chosenField(fields, 'y', objective);
  const [xScale, yScale] = [chosenScale('x', across), chosenScale('y', up)];
  const size = fieldOf(fields, query.value.get('s'));
  // More than an address holds is kept here.
  const many = useSignal<ReadonlySet<number> | undefined>(undefined);
  const numbers = many.value ?? chosenTrials.value;
  const chart = useMemo(() => {
    const chosen = new Set([...numbers].map((number) => trials.place(number)).filter((place) => place !== undefined));
    return new Scatter(trials, selection.mask, { x: across, y: up, xScale, yScale, colouring, size, chosen });
  }, [trials, selection, across, up, xScale, yScale, colouring, size, numbers]);
  const onLasso = (outline: Outline, at: Size) => {
    const found = chart.within(outline, at).map((i) => trials.number[i] as number);
    many.value = chooseTrials(found) ? undefined : new Set(found);
  };
  const clear = () => {
    many.value = undefined;
    chooseTrials([]);
  };
  return (
    <ChartFrame
      title={chartTitles().scatter}
      chart={chart}
      height={chartHeight()}
      class="wide"
      beside={<ColourKey colouring={colouring} />}
      tools={
        <>
          <FieldPicker label={t().x} fields={fields} value={across.key} onChange={(key) => chooseField('x', key)} />
          <LogToggle field={across} scale={xScale} onChange={(scale) => chooseScale('x', across, scale)} />
          <FieldPicker label={t().y} fields={fields} value={up.key} onChange={(key) => chooseField('y', key)} />
          <LogToggle field={up} scale={yScale} onChange={(scale) => chooseScale('y', up, scale)} />
          <FieldPicker
            label={t().size}
            fields={fields.filter(({ kind, key }) => kind === 'numbers' && key !== OBJECTIVE)}
            value={size?.key ?? ''}
            none={t().alike}
            onChange={(key) => setQuery({ s: key || null })}
          />
        </>
      }
      footer={
        <>
          <Drawn shown={chart.shown.length} all={trials.count} without={chart.without} />
          {numbers.size > 0 ? <Chosen job={trials.job} numbers={numbers} onClear={clear} /> : <p class="faint small">{t().help}</p>}
        </>
      }
    >
      {(at) => (
        <PointedCanvas chart={chart} size={at} label={chartTitles().scatter} onLasso={(outline) => onLasso(outline, at)} />
      )}
    </ChartFrame>
  );
}

const MOST_COMPARED = 8;
const LARGE = 400;

interface ChosenProps {
  readonly job: string;
  readonly numbers: ReadonlySet<number>;
  readonly onClear: () => void;
}

/** What can be done with trials that were chosen. */
function Chosen({ job, numbers, onClear }: ChosenProps) {
  const all = [...numbers].sort((a, b) => a - b);
  const compared = all.map((number) => `${job}:${number}`).join(',');
  return (
    <div class="row chosen" title={writeNumbers(all)}>
      <b>{t().chosen(all.length)}</b>
      {all.length <= LARGE && (
        <button type="button" class="button small" onClick={() => setFilter(`trial in (${all.join(', ')})`)}>
          {t().keep}
        </button>
      )}
      {all.length > 1 && all.length <= MOST_COMPARED && (
        <a class="button small" href={`/compare?t=${encodeURIComponent(compared)}`}>
          {t().compare}
        </a>
      )}
      {all.length === 1 && (
        <a class="button small" href={jobAddress(job, 'trials', all[0] as number)}>
          #{all[0]}
        </a>
      )}
      <button type="button" class="button small" onClick={onClear}>
        {t().drop}
      </button>
    </div>
  );
}
