/** A trial of any job. */
export interface Named {
  readonly job: string;
  readonly number: number;
}

/** More would not be told apart, beside each other or as lines. */
export const MOST_COMPARED = 8;

export function compareAddress(trials: readonly Named[]): string {
  return trials.length === 0 ? '/compare' : `/compare?t=${writeCompared(trials)}`;
}

export function writeCompared(trials: readonly Named[]): string {
  return trials.map(({ job, number }) => `${encodeURIComponent(encodeURIComponent(job))}:${number}`).join(',');
}

/** The trials of `a:1,b:7`, each once; what is no trial is told in `odd`. */
export function readCompared(text: string | null): { trials: readonly Named[]; odd: readonly string[] } {
  const [found, odd] = [new Map<string, Named>(), [] as string[]];
  for (const part of (text ?? '').split(',').filter(Boolean)) {
    const cut = part.lastIndexOf(':');
    const number = Number(part.slice(cut + 1));
    if (cut <= 0 || !Number.isInteger(number) || number < 1) odd.push(part);
    else found.set(part, { job: unescaped(part.slice(0, cut)), number });
  }
  return { trials: [...found.values()], odd };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
