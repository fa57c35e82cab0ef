import { format } from 'd3-format';
import { language } from '../i18n/language';

const MISSING = '—';
const precise = format('.4~r');
const short = format('.3~r');
const scientific = format('.2~e');

/** A result as people compare it: four digits, powers of ten where it is very small or very large. */
export function number(value: number | string | null | undefined): string {
  return written(value, precise);
}

function written(value: number | string | null | undefined, digits: (value: number) => string): string {
  if (value === null || value === undefined || value === '') return MISSING;
  const given = typeof value === 'string' ? Number(value) : value;
  if (Number.isNaN(given)) return 'NaN';
  if (!Number.isFinite(given)) return given > 0 ? '∞' : '−∞';
  const size = Math.abs(given);
  if (size === 0) return '0';
  if (Number.isInteger(given) && size < 1e6) return given.toLocaleString('en');
  // A plain hyphen: what is copied from here must be a number elsewhere.
  return (size < 1e-2 || size >= 1e6 ? scientific(given) : digits(given)).replace('e+', 'e').replaceAll('−', '-');
}

/** Like `number`, but NaN means that there is nothing. */
export function reading(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? MISSING : number(value);
}

/** A parameter's value: three digits tell configurations apart. */
export function value(given: number | string | boolean | null | undefined): string {
  if (given === null || given === undefined) return MISSING;
  return typeof given === 'number' ? written(given, short) : String(given);
}

export function count(given: number): string {
  return given.toLocaleString(language.value);
}

export function percent(share: number): string {
  return `${Math.round(share * 100)}\u202f%`;
}

const UNITS = {
  en: { s: 's', min: 'min', h: 'h', d: 'd' },
  zh: { s: '秒', min: '分', h: '小时', d: '天' },
  ko: { s: '초', min: '분', h: '시간', d: '일' },
} as const;

/** How long, in at most two units. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return MISSING;
  const units = UNITS[language.value];
  const s = Math.max(0, seconds);
  if (s < 10) return `${s.toFixed(1)} ${units.s}`;
  if (s < 60) return `${Math.round(s)} ${units.s}`;
  const minutes = Math.round(s / 60);
  if (minutes < 60) return s < 600 ? `${(s / 60).toFixed(1)} ${units.min}` : `${minutes} ${units.min}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} ${units.h}` : `${hours} ${units.h} ${minutes % 60} ${units.min}`;
  return `${Math.floor(hours / 24)} ${units.d} ${hours % 24} ${units.h}`;
}

/** How long, for ticks: no second unit where it would be 0. */
export function roundDuration(seconds: number): string {
  const units = UNITS[language.value];
  if (seconds < 60) return `${seconds} ${units.s}`;
  if (seconds < 3600) return `${Number((seconds / 60).toFixed(1))} ${units.min}`;
  if (seconds < 172_800) return `${Number((seconds / 3600).toFixed(1))} ${units.h}`;
  return `${Number((seconds / 86_400).toFixed(1))} ${units.d}`;
}

/** How long ago, as people say it; `now` and `then` in seconds of the epoch. */
export function ago(then: number | null | undefined, now: number): string {
  if (then === null || then === undefined || Number.isNaN(then)) return MISSING;
  const words = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto', style: 'short' });
  const s = Math.max(0, now - then);
  if (s < 60) return words.format(-Math.round(s), 'second');
  if (s < 3600) return words.format(-Math.round(s / 60), 'minute');
  if (s < 86_400) return words.format(-Math.round(s / 3600), 'hour');
  return words.format(-Math.round(s / 86_400), 'day');
}

/** A moment in the reader's own time. */
export function moment(then: number | null | undefined): string {
  if (then === null || then === undefined || Number.isNaN(then)) return MISSING;
  const form = { dateStyle: 'medium', timeStyle: 'medium' } as const;
  return new Intl.DateTimeFormat(language.value, form).format(then * 1000);
}

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'];

export function bytes(size: number): string {
  const power = Math.min(BYTES.length - 1, size > 0 ? Math.floor(Math.log10(size) / 3) : 0);
  return `${precise(size / 1000 ** power)} ${BYTES[power]}`;
}
