import { messages } from '../i18n/messages';
import { number } from '../state/format';
import type { Entry } from './draft';
import type { Dialect } from './forms';
import { samplesOf } from './samples';

const t = messages(
  {
    says: (name: string, low: string, high: string, median: string) => `Values of ${name} from ${low} to ${high}: half of them lie below ${median}`,
    half: (median: string) => `half below ${median}`,
  },
  {
    zh: {
      says: (name: string, low: string, high: string, median: string) => `${name} 的取值从 ${low} 到 ${high}:一半低于 ${median}`,
      half: (median: string) => `一半低于 ${median}`,
    },
    ko: {
      says: (name: string, low: string, high: string, median: string) => `${name}의 값은 ${low}부터 ${high}까지: 절반이 ${median}보다 작음`,
      half: (median: string) => `절반이 ${median} 미만`,
    },
  },
);

const [WIDTH, HEIGHT] = [96, 26];

/** How the values of a parameter would lie: what a scale does can be seen before anything runs. */
export function SamplePreview({ dialect, entry }: { dialect: Dialect; entry: Entry }) {
  const found = samplesOf(dialect, entry);
  if (!found) return null;
  const most = Math.max(...found.shares);
  const width = WIDTH / found.shares.length;
  const median = number(found.median);
  const says = t().says(entry.name, number(found.low), number(found.high), median);
  return (
    <span class="sample-preview" title={says}>
      <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={says}>
        {found.shares.map((share, k) => (
          <rect key={k} x={k * width} y={HEIGHT - (share / most) * HEIGHT} width={width - 1} height={(share / most) * HEIGHT} />
        ))}
      </svg>
      <span class="faint small" aria-hidden="true">
        {t().half(median)}
      </span>
    </span>
  );
}
