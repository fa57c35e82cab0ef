import { get, jobPath } from '../api/client';
import type { components } from '../api/schema';
import { messages } from '../i18n/messages';
import { bytes } from '../state/format';
import { useJob } from '../state/job';
import { useResource } from '../state/resource';

const t = messages(
  {
    outputs: (size: string) => `Outputs (${size})`,
    none: 'No outputs',
  },
  {
    zh: { outputs: (size: string) => `输出 (${size})`, none: '没有输出' },
    ko: { outputs: (size: string) => `출력 (${size})`, none: '출력 없음' },
  },
);

type Listing = components['schemas']['OutputsDocument'];

const SHOWN = 100;

/** The files that a trial left, each to be saved. */
export function Outputs({ trial }: { trial: number }) {
  const { name } = useJob();
  const found = useResource(`${name} ${trial}`, (abort) => get<Listing>(jobPath(name, 'trials', trial, 'outputs'), {}, abort));
  const files = found.data.value?.files;
  if (!files) return null;
  if (files.length === 0) return <span class="faint small">{t().none}</span>;
  const size = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  return (
    <details class="menu">
      <summary class="button">{t().outputs(bytes(size))}</summary>
      <div class="menu-box files">
        {files.slice(0, SHOWN).map((file) => {
          const query = new URLSearchParams({ path: file.path, ...(file.output ? { output: file.output } : {}) });
          return (
            <a key={`${file.output} ${file.path}`} download href={`${jobPath(name, 'trials', trial, 'outputs', 'file')}?${query}`}>
              <span class="break">{file.path}</span> <span class="faint">{bytes(file.size ?? 0)}</span>
            </a>
          );
        })}
      </div>
    </details>
  );
}
