import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FieldKind } from './forms';

interface FieldInputProps {
  readonly label: string;
  readonly kind: FieldKind | 'values';
  readonly choices?: readonly string[] | undefined;
  readonly value: string;
  readonly isHidden?: boolean;
  readonly isDisabled: boolean;
  readonly problem?: string | undefined;
  readonly onChange: (typed: string) => void;
}

/**
 * One field of the visual form. What is typed goes into the document when the field is left, or a
 * moment after the last key: half a number is no value yet.
 */
export function FieldInput(props: FieldInputProps) {
  const { label, kind, value, isDisabled, problem, onChange } = props;
  const typed = useSignal(value);
  useEffect(() => {
    typed.value = value;
  }, [value]);
  useEffect(() => {
    if (typed.value === value) return undefined;
    const soon = setTimeout(() => onChange(typed.value), SOON_MS);
    return () => clearTimeout(soon);
  }, [typed.value]);
  const shared = {
    'aria-label': label,
    'aria-invalid': problem ? true : undefined,
    title: problem,
    disabled: isDisabled,
    value: typed.value,
    onBlur: () => typed.value !== value && onChange(typed.value),
  };
  if (kind === 'choice') return <Choice {...props} />;
  if (kind === 'flag') {
    return (
      <input
        type="checkbox"
        aria-label={label}
        disabled={isDisabled}
        checked={value === 'true'}
        onChange={(event) => onChange(event.currentTarget.checked ? 'true' : 'false')}
      />
    );
  }
  if (kind === 'long') {
    return <textarea rows={2} class="mono" {...shared} onInput={(event) => (typed.value = event.currentTarget.value)} />;
  }
  const isNumber = kind === 'whole' || kind === 'number';
  return (
    <input
      type="text"
      inputMode={isNumber ? 'decimal' : 'text'}
      class={isNumber ? 'number' : ''}
      {...shared}
      onInput={(event) => (typed.value = event.currentTarget.value)}
    />
  );
}

const SOON_MS = 400;

function Choice({ label, choices = [], value, isDisabled, onChange }: FieldInputProps) {
  const known = value === '' || choices.includes(value) ? choices : [value, ...choices];
  return (
    <select aria-label={label} disabled={isDisabled} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">—</option>
      {known.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}
