import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get, jobPath } from '../api/client';
import type { components } from '../api/schema';
import { Failure, Skeleton } from '../parts/Calm';
import { Card } from '../parts/Card';
import { Dialog } from '../parts/Dialog';
import { bytes } from '../state/format';
import { useResource } from '../state/resource';
import { t } from './labels';

type Listing = components['schemas']['OutputsDocument'];
type File = Listing['files'][number];

const SHOWN = 500;
const TEXT_BYTES = 64_000;
const IMAGE_BYTES = 10_000_000;
const IMAGES: Readonly<Record<string, string>> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' };

/** The files that a trial left: to be looked at, and to be taken home. */
export function TrialFiles({ job, number, state }: { job: string; number: number; state: string }) {
  const path = jobPath(job, 'trials', number, 'outputs');
  const found = useResource(`${path} ${state}`, (abort) => get<Listing>(path, {}, abort));
  const viewed = useSignal<File | undefined>(undefined);
  const files = found.data.value?.files;
  const zip = files && files.length > 0 && (
    <a class="button" download href={`${path}/archive`}>
      {t().zip}
    </a>
  );
  return (
    <Card title={t().files} tools={zip || undefined}>
      {found.failure.value && !files && <Failure failure={found.failure.value} retry={() => void found.refresh()} />}
      {!files && !found.failure.value && <Skeleton lines={2} />}
      {files?.length === 0 && <p class="faint">{found.data.value?.elsewhere ?? t().noFiles}</p>}
      <ul class="file-list">
        {files?.slice(0, SHOWN).map((file) => (
          <li key={`${file.output} ${file.path}`}>
            <button type="button" class="link break" aria-label={t().view(file.path)} onClick={() => (viewed.value = file)}>
              {file.path}
            </button>
            <span class="faint small nowrap">{bytes(file.size)}</span>
            <a download href={addressOf(path, file)}>
              {t().download}
            </a>
          </li>
        ))}
      </ul>
      {viewed.value && <Preview address={addressOf(path, viewed.value)} file={viewed.value} onClose={() => (viewed.value = undefined)} />}
    </Card>
  );
}

function addressOf(path: string, file: File): string {
  const query = new URLSearchParams({ path: file.path, ...(file.output ? { output: file.output } : {}) });
  return `${path}/file?${query}`;
}

type Content = { kind: 'text'; text: string } | { kind: 'image'; source: string } | { kind: 'binary' };

function Preview({ address, file, onClose }: { address: string; file: File; onClose: () => void }) {
  const content = useSignal<Content | undefined>(undefined);
  useEffect(() => {
    const abort = new AbortController();
    void read(address, file, abort.signal).then(
      (found) => (content.value = found),
      () => (content.value = { kind: 'binary' }),
    );
    return () => {
      abort.abort();
      if (content.peek()?.kind === 'image') URL.revokeObjectURL((content.peek() as { source: string }).source);
    };
  }, [address]);
  const shown = content.value;
  return (
    <Dialog title={file.path} onClose={onClose} class="broad">
      {!shown && <Skeleton height={120} />}
      {shown?.kind === 'text' && shown.text === '' && <p class="faint">{t().emptyFile}</p>}
      {shown?.kind === 'text' && shown.text !== '' && (
        <pre class="log" tabIndex={0}>
          {shown.text}
        </pre>
      )}
      {shown?.kind === 'text' && file.size > TEXT_BYTES && <p class="faint small">{t().cut(bytes(TEXT_BYTES))}</p>}
      {shown?.kind === 'image' && <img class="preview" src={shown.source} alt={file.path} />}
      {shown?.kind === 'binary' && <p>{t().binary}</p>}
      <div class="row end">
        <a class="button" download href={address}>
          {t().download}
        </a>
      </div>
    </Dialog>
  );
}

/** Looks at the bytes: a file's name says only which picture it may be. */
async function read(address: string, file: File, signal: AbortSignal): Promise<Content> {
  const type = IMAGES[file.path.slice(file.path.lastIndexOf('.') + 1).toLowerCase()];
  const limit = type ? IMAGE_BYTES : TEXT_BYTES;
  if (type && file.size > IMAGE_BYTES) return { kind: 'binary' };
  const answer = await fetch(`${address}&limit=${limit}`, { credentials: 'same-origin', signal });
  if (!answer.ok) return { kind: 'binary' };
  const data = await answer.arrayBuffer();
  if (type) return { kind: 'image', source: URL.createObjectURL(new Blob([data], { type })) };
  if (new Uint8Array(data).includes(0)) return { kind: 'binary' };
  return { kind: 'text', text: new TextDecoder().decode(data) };
}
