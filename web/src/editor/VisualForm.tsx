import { messages } from '../i18n/messages';
import { Card } from '../parts/Card';
import { fieldEdits, type Draft } from './draft';
import type { Edit } from './edits';
import { FieldInput } from './FieldInput';
import type { Field, SectionName } from './forms';
import { fieldLabels, sectionTitles } from './labels';
import { SpaceTable } from './SpaceTable';

const t = messages(
  { others: 'Other keys, kept as they are' },
  { zh: { others: '其他键(保持不变)' }, ko: { others: '그대로 유지되는 다른 키' } },
);

const ORDER: readonly (SectionName | 'space')[] = ['basics', 'objective', 'program', 'space', 'algorithm', 'stopping', 'limits'];

interface VisualFormProps {
  readonly draft: Draft;
  readonly text: string;
  /** While the text cannot be read the form shows the last draft and takes nothing. */
  readonly isDisabled: boolean;
  /** What is wrong, by where it is: a path of the document or a parameter's name. */
  readonly problems: ReadonlyMap<string, string>;
  readonly onEdits: (edits: readonly Edit[]) => void;
}

/** The document as fields; every change is a change of its text. */
export function VisualForm({ draft, text, isDisabled, problems, onEdits }: VisualFormProps) {
  const parts = ORDER.filter((name) => name === 'space' || draft.form.sections[name]);
  return (
    <div class="stack">
      {parts.map((name, i) => (
        <Card key={name} title={`${i + 1} ${sectionTitles()[name]}`} class="form-section">
          {name === 'space' ? (
            <SpaceTable draft={draft} text={text} isDisabled={isDisabled} problems={problems} onEdits={onEdits} />
          ) : (
            <Fields name={name} draft={draft} text={text} isDisabled={isDisabled} problems={problems} onEdits={onEdits} />
          )}
        </Card>
      ))}
      {draft.others.length > 0 && (
        <p class="row small faint">
          {t().others}:{' '}
          {draft.others.map((key) => (
            <code key={key} class="chip">
              {key}
            </code>
          ))}
        </p>
      )}
    </div>
  );
}

function Fields({ name, draft, text, isDisabled, problems, onEdits }: VisualFormProps & { readonly name: SectionName }) {
  const fields = (draft.form.sections[name] ?? []).filter((field) => isShown(field, draft));
  return (
    <div class="fields">
      {fields.map((field) => {
        const label = fieldLabels()[field.label];
        const problem = field.places.map((path) => problems.get(path.join('.'))).find(Boolean);
        return (
          <label key={field.label} class="field" data-kind={field.kind}>
            <span>{label}</span>
            <FieldInput
              label={label}
              kind={field.kind}
              choices={field.choices}
              value={draft.values(field)}
              isDisabled={isDisabled}
              problem={problem}
              onChange={(typed) => onEdits(fieldEdits(text, field, typed))}
            />
            {problem && <span class="problem small">{problem}</span>}
          </label>
        );
      })}
    </div>
  );
}

/** Settings of a rule are of no use before a rule is chosen. */
const OF_RULE: readonly Field['label'][] = ['interval', 'delay', 'slackFactor', 'slackAmount', 'truncation'];

function isShown(field: Field, draft: Draft): boolean {
  if (!draft.fits(field)) return false;
  if (!OF_RULE.includes(field.label)) return true;
  const rule = draft.form.sections.stopping?.find((one) => one.label === 'rule');
  const chosen = rule ? draft.values(rule) : '';
  if (chosen === '') return draft.values(field) !== '';
  if (field.label === 'truncation') return chosen === 'truncation_selection' || draft.values(field) !== '';
  if (field.label === 'slackFactor' || field.label === 'slackAmount') return chosen === 'bandit' || draft.values(field) !== '';
  return true;
}
