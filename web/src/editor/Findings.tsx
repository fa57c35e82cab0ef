import type { ApiFailure, DraftDocument } from '../api/client';
import { messages, plural } from '../i18n/messages';
import type { Mark } from './CodeEditor';

const t = messages(
  {
    valid: '✓ valid',
    checking: 'Checking…',
    errors: (count: number) => plural(count, 'error', 'errors'),
    warnings: (count: number) => plural(count, 'hint', 'hints'),
    line: (line: number) => `line ${line}`,
    unreachable: 'The server does not answer: what is written is kept here, and checked when it is back.',
  },
  {
    zh: {
      valid: '✓ 有效',
      checking: '检查中…',
      errors: (count: number) => `${count} 个错误`,
      warnings: (count: number) => `${count} 个提示`,
      line: (line: number) => `第 ${line} 行`,
      unreachable: '服务器没有响应:所写内容保留在此,恢复后再检查。',
    },
    ko: {
      valid: '✓ 유효함',
      checking: '확인 중…',
      errors: (count: number) => `오류 ${count}개`,
      warnings: (count: number) => `힌트 ${count}개`,
      line: (line: number) => `${line}행`,
      unreachable: '서버가 응답하지 않습니다. 작성한 내용은 여기에 유지되며 돌아오면 확인합니다.',
    },
  },
);

interface FindingsProps {
  readonly marks: readonly Mark[];
  readonly answer: DraftDocument | undefined;
  readonly failure: ApiFailure | undefined;
  readonly onShow: (line: number, column: number) => void;
}

/** What is wrong with the draft, or that it is right, with links to the places. */
export function Findings({ marks, answer, failure, onShow }: FindingsProps) {
  const errors = marks.filter((mark) => !mark.isWarning);
  const hints = marks.filter((mark) => mark.isWarning);
  const facts = answer?.valid ? [answer.title, answer.space] : [];
  return (
    <section class="card" aria-live="polite" aria-label={t().errors(errors.length)}>
      <p class="draft-state">
        {errors.length > 0 && <strong class="problem">{t().errors(errors.length)}</strong>}
        {errors.length === 0 && <strong>{answer?.valid ? t().valid : t().checking}</strong>}
        {facts.filter(Boolean).map((fact) => (
          <span key={fact} class="faint">
            · {fact}
          </span>
        ))}
        {hints.length > 0 && <span class="faint">· {t().warnings(hints.length)}</span>}
        {failure && <span class="problem">{failure.kind === 'unreachable' ? t().unreachable : failure.detail}</span>}
      </p>
      {marks.length > 0 && (
        <ul class="draft-problems">
          {[...errors, ...hints].map((mark) => (
            <li key={`${mark.line}:${mark.column}:${mark.message}`} class={mark.isWarning ? 'small' : 'small problem'}>
              <button type="button" onClick={() => onShow(mark.line, mark.column)}>
                {t().line(mark.line)}
              </button>{' '}
              <span class="break">{mark.message}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
