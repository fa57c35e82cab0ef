import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import type { Field } from '../charts/fields';
import type { ScaleKind } from '../charts/scales';

const t = messages(
  { parameters: 'Parameters', metrics: 'Results', more: 'More', log: (name: string) => `${name}: log scale` },
  {
    zh: { parameters: '参数', metrics: '结果', more: '更多', log: (name: string) => `${name}:对数刻度` },
    ko: { parameters: '매개변수', metrics: '결과', more: '기타', log: (name: string) => `${name}: 로그 눈금` },
  },
);

interface FieldPickerProps {
  readonly label: string;
  readonly fields: readonly Field[];
  readonly value: string;
  readonly onChange: (key: string) => void;
  /** The first entry where nothing may be chosen. */
  readonly none?: string;
}

/** Chooses what stands on an axis or gives the colour. */
export function FieldPicker({ label, fields, value, onChange, none }: FieldPickerProps) {
  const isMetric = ({ key }: Field) => key === '*' || key.startsWith('*.');
  const groups = [
    { title: t().metrics, some: fields.filter(isMetric) },
    { title: t().parameters, some: fields.filter(({ isParameter }) => isParameter) },
    { title: t().more, some: fields.filter((one) => !isMetric(one) && !one.isParameter) },
  ];
  return (
    <label class="pick">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {groups.map(
          ({ title, some }) =>
            some.length > 0 && (
              <optgroup key={title} label={title}>
                {some.map((field) => (
                  <option key={field.key} value={field.key}>
                    {field.title}
                  </option>
                ))}
              </optgroup>
            ),
        )}
      </select>
    </label>
  );
}

interface LogToggleProps {
  readonly field: Field;
  readonly scale: ScaleKind;
  readonly onChange: (scale: ScaleKind) => void;
}

/** Between a linear and a log axis; labels have neither. */
export function LogToggle({ field, scale, onChange }: LogToggleProps) {
  if (field.kind === 'labels') return null;
  return (
    <button
      type="button"
      class="button small"
      aria-pressed={scale === 'log'}
      aria-label={t().log(field.title)}
      onClick={() => onChange(scale === 'log' ? 'linear' : 'log')}
    >
      {words().log}
    </button>
  );
}
