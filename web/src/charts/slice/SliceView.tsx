import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { messages } from '../../i18n/messages';
import { chartTitles } from '../../parts/ChartRail';
import { Empty } from '../../parts/Calm';
import { ColourKey } from '../../parts/ColourKey';
import { Drawn } from '../../parts/Drawn';
import { FieldPicker, LogToggle } from '../../parts/FieldPicker';
import { ChartFrame } from '../ChartFrame';
import type { Field } from '../fields';
import { useRoom, type KindProps } from '../kinds';
import { PointedCanvas } from '../PointedCanvas';
import { chooseField, chooseScale, chosenField, chosenScale } from '../view';
import { Slice } from './chart';

const t = messages(
  {
    up: 'Up',
    more: (shown: number, all: number) => `${shown} of ${all} parameters; show all`,
    none: 'This job has no parameter that varies',
  },
  {
    zh: {
      up: '纵轴',
      more: (shown: number, all: number) => `${all} 个参数中的 ${shown} 个;全部显示`,
      none: '此任务没有会变化的参数',
    },
    ko: {
      up: '세로축',
      more: (shown: number, all: number) => `매개변수 ${all}개 중 ${shown}개; 모두 표시`,
      none: '이 작업에는 변하는 매개변수가 없습니다',
    },
  },
);

const FIRST = 24;

/** The result over each parameter: many small pictures on one scale. */
export function SliceView({ trials, selection, fields, colouring }: KindProps) {
  const isAll = useSignal(false);
  const room = useRoom();
  const parameters = fields.filter(({ isParameter }) => isParameter);
  const numbers = fields.filter(({ kind, isParameter }) => kind === 'numbers' && !isParameter);
  const up = chosenField(numbers, 'y', fields[0] as Field);
  const scale = chosenScale('y', up);
  const most = isAll.value ? parameters.length : FIRST;
  const chart = useMemo(
    () => new Slice(trials, selection.mask, parameters.slice(0, most), up, scale, colouring),
    [trials, selection, fields, most, up, scale, colouring],
  );
  if (parameters.length === 0) return <Empty title={t().none} />;
  return (
    <div ref={room.box}>
      <ChartFrame
        title={chartTitles().slice}
        chart={chart}
        height={chart.heightAt(room.width - 34)}
        class="wide"
        beside={<ColourKey colouring={colouring} />}
        tools={
          <>
            <FieldPicker label={t().up} fields={numbers} value={up.key} onChange={(key) => chooseField('y', key)} />
            <LogToggle field={up} scale={scale} onChange={(chosen) => chooseScale('y', up, chosen)} />
          </>
        }
        footer={
          <>
            <Drawn shown={chart.shown.length} all={trials.count} without={chart.without} />
            {most < parameters.length && (
              <button type="button" class="button" onClick={() => (isAll.value = true)}>
                {t().more(most, parameters.length)}
              </button>
            )}
          </>
        }
      >
        {(size) => <PointedCanvas chart={chart} size={{ ...size, height: chart.heightAt(size.width) }} label={chartTitles().slice} />}
      </ChartFrame>
    </div>
  );
}
