import { useSignal } from '@preact/signals';
import { ApiFailure } from '../api/client';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { useJob } from '../state/job';
import { jobAddress } from '../state/router';

const t = messages(
  {
    add: 'Add a tag',
    remove: (tag: string) => `Take the tag ${tag} off`,
    others: (tag: string) => `All trials tagged ${tag}`,
  },
  {
    zh: { add: '添加标签', remove: (tag: string) => `移除标签 ${tag}`, others: (tag: string) => `带标签 ${tag} 的所有试验` },
    ko: { add: '태그 추가', remove: (tag: string) => `태그 ${tag} 제거`, others: (tag: string) => `태그 ${tag}의 모든 시행` },
  },
);

const LONGEST = 64;

/** What people marked a trial with, to be changed. */
export function TrialTags({ number }: { number: number }) {
  const model = useJob();
  const typed = useSignal('');
  const failure = useSignal('');
  const tags = model.trials.value?.tags.get(number) ?? [];
  const change = async (what: Parameters<typeof model.tag>[1]) => {
    try {
      await model.tag(number, what);
      failure.value = '';
      if (what.add) typed.value = '';
    } catch (error) {
      failure.value = error instanceof ApiFailure ? (error.problems[0]?.message ?? error.detail) : String(error);
    }
  };
  const add = (event: Event) => {
    event.preventDefault();
    if (typed.value.trim() !== '') void change({ add: [typed.value.trim()] });
  };
  return (
    <form class="row tags" aria-label={words().tags} onSubmit={add}>
      <span class="faint small">{words().tags}</span>
      {tags.map((tag) => (
        <span class="chip" key={tag}>
          <a class="clip" href={`${jobAddress(model.name, 'trials')}?f=${encodeURIComponent(`tag = ${JSON.stringify(tag)}`)}`} title={t().others(tag)}>
            {tag}
          </a>
          <button type="button" aria-label={t().remove(tag)} onClick={() => void change({ remove: [tag] })}>
            ×
          </button>
        </span>
      ))}
      <input
        type="text"
        class="tag-input"
        aria-label={t().add}
        placeholder={t().add}
        maxLength={LONGEST}
        value={typed.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
      />
      <span class="problem small" role="status">
        {failure.value}
      </span>
    </form>
  );
}
