import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { addEdits, entryEdits, renameEdits, typeEdits, typeOf, wordsOf, type Draft, type Entry } from './draft';
import type { Edit } from './edits';
import { FieldInput } from './FieldInput';
import { SamplePreview } from './SamplePreview';

const t = messages(
  {
    type: 'Type',
    range: 'Range or values',
    add: 'Add a parameter',
    remove: (name: string) => `Remove ${name}`,
    up: (name: string) => `Move ${name} up`,
    down: (name: string) => `Move ${name} down`,
    nameOf: (name: string) => `Name of ${name}`,
    typeOf: (name: string) => `Type of ${name}`,
    fieldOf: (key: string, name: string) => `${key} of ${name}`,
    inText: 'edit as text',
    none: 'No parameter yet: nothing to tune.',
  },
  {
    zh: {
      type: '类型',
      range: '范围或取值',
      add: '添加参数',
      remove: (name: string) => `删除 ${name}`,
      up: (name: string) => `上移 ${name}`,
      down: (name: string) => `下移 ${name}`,
      nameOf: (name: string) => `${name} 的名称`,
      typeOf: (name: string) => `${name} 的类型`,
      fieldOf: (key: string, name: string) => `${name} 的 ${key}`,
      inText: '请以文本编辑',
      none: '还没有参数:没有可调优的内容。',
    },
    ko: {
      type: '유형',
      range: '범위 또는 값',
      add: '매개변수 추가',
      remove: (name: string) => `${name} 삭제`,
      up: (name: string) => `${name} 위로`,
      down: (name: string) => `${name} 아래로`,
      nameOf: (name: string) => `${name}의 이름`,
      typeOf: (name: string) => `${name}의 유형`,
      fieldOf: (key: string, name: string) => `${name}의 ${key}`,
      inText: '텍스트로 편집하세요',
      none: '아직 매개변수가 없습니다. 조정할 것이 없습니다.',
    },
  },
);

interface SpaceTableProps {
  readonly draft: Draft;
  readonly text: string;
  readonly isDisabled: boolean;
  readonly problems: ReadonlyMap<string, string>;
  readonly onEdits: (edits: readonly Edit[]) => void;
}

/** The parameters of a draft, a row each. */
export function SpaceTable({ draft, text, isDisabled, problems, onEdits }: SpaceTableProps) {
  const { form, parameters } = draft;
  return (
    <>
      {parameters.length === 0 && <p class="faint">{t().none}</p>}
      {parameters.length > 0 && (
        <table class="table stacking space-table">
          <thead>
            <tr>
              <th scope="col">{words().name}</th>
              <th scope="col">{t().type}</th>
              <th scope="col">{t().range}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {parameters.map((entry, row) => (
              <Row key={row} row={row} entry={entry} draft={draft} text={text} isDisabled={isDisabled} problem={problems.get(entry.name)} onEdits={onEdits} />
            ))}
          </tbody>
        </table>
      )}
      <div class="row">
        <button type="button" class="button" disabled={isDisabled} onClick={() => onEdits(addEdits(text, form, parameters))}>
          + {t().add}
        </button>
      </div>
    </>
  );
}

interface RowProps extends Omit<SpaceTableProps, 'problems'> {
  readonly entry: Entry;
  readonly row: number;
  readonly problem: string | undefined;
}

function Row({ entry, row, draft, text, isDisabled, problem, onEdits }: RowProps) {
  const { form, parameters } = draft;
  const { name, path } = entry;
  const types = form.space.types.map((one) => one.type);
  const offered = entry.type === 'list' ? ['list', ...types] : types;
  return (
    <tr>
      <td>
        <FieldInput
          label={t().nameOf(name)}
          kind="text"
          value={name}
          isDisabled={isDisabled}
          problem={problem}
          onChange={(typed) => typed.trim() !== '' && onEdits(renameEdits(form, entry, typed.trim()))}
        />
        {problem && <p class="problem small">{problem}</p>}
      </td>
      <td>
        <FieldInput
          label={t().typeOf(name)}
          kind="choice"
          choices={offered}
          value={entry.type}
          isDisabled={isDisabled || entry.type === 'nested'}
          onChange={(type) => onEdits(typeEdits(form, entry, type))}
        />
      </td>
      <td>
        <Fields entry={entry} draft={draft} text={text} isDisabled={isDisabled} onEdits={onEdits} />
      </td>
      <td>
        <div class="row nowrap">
          <IconButton sign="↑" label={t().up(name)} isDisabled={isDisabled || row === 0} onClick={() => onEdits([{ do: 'move', path: path.slice(0, -1), at: row - 1 }])} />
          <IconButton sign="↓" label={t().down(name)} isDisabled={isDisabled || row === parameters.length - 1} onClick={() => onEdits([{ do: 'move', path: path.slice(0, -1), at: row }])} />
          <IconButton sign="✕" label={t().remove(name)} isDisabled={isDisabled} onClick={() => onEdits([{ do: 'remove', path }])} />
        </div>
      </td>
    </tr>
  );
}

function Fields({ entry, draft, text, isDisabled, onEdits }: Omit<RowProps, 'row' | 'problem'>) {
  const type = typeOf(draft.form, entry);
  if (!type) return <span class="faint">{t().inText}</span>;
  return (
    <div class="row">
      {type.fields.map(({ key, kind, choices }) => {
        const value = entry.fields.get(key) ?? '';
        const shown = typeof value === 'string' ? value : value.join(', ');
        const change = (typed: string) =>
          onEdits(entryEdits(text, entry, key, kind === 'values' ? wordsOf(typed) : typed));
        return (
          <label key={key} class="entry-field" data-kind={kind}>
            <span class="faint small">{key}</span>
            <FieldInput label={t().fieldOf(key, entry.name)} kind={kind} choices={choices} value={shown} isDisabled={isDisabled} onChange={change} />
          </label>
        );
      })}
      <SamplePreview dialect={draft.form.dialect} entry={entry} />
      {entry.others.map((key) => (
        <code key={key} class="chip">
          {key}
        </code>
      ))}
    </div>
  );
}

interface IconButtonProps {
  readonly sign: string;
  readonly label: string;
  readonly isDisabled: boolean;
  readonly onClick: () => void;
}

function IconButton({ sign, label, isDisabled, onClick }: IconButtonProps) {
  return (
    <button type="button" class="button icon" aria-label={label} title={label} disabled={isDisabled} onClick={onClick}>
      {sign}
    </button>
  );
}
