import type { NumberedEvent } from '../api/client';
import { messages } from '../i18n/messages';
import { words } from '../i18n/words';
import { number, value } from '../state/format';
import { jobAddress } from '../state/router';
import { statusOf } from '../state/statuses';
import { StatusMark } from './StatusMark';

const t = messages(
  {
    submitted: (dialect: string) => `Submitted as ${dialect}`,
    wanted: (after: string) => `Asked to ${after}`,
    suggested: 'suggested',
    stopping: 'is being ended',
    because: (rule: string) => `stopped by ${rule}`,
  },
  {
    zh: {
      submitted: (dialect: string) => `以 ${dialect} 格式提交`,
      wanted: (after: string) => `请求:${after}`,
      suggested: '已建议',
      stopping: '正在结束',
      because: (rule: string) => `被 ${rule} 停止`,
    },
    ko: {
      submitted: (dialect: string) => `${dialect} 형식으로 제출됨`,
      wanted: (after: string) => `요청: ${after}`,
      suggested: '제안됨',
      stopping: '종료하는 중',
      because: (rule: string) => `${rule} 규칙으로 중지`,
    },
  },
);

/** What happened, in words. What a program or a person wrote is shown as it is, as text. */
export function Said({ event, job }: { event: NumberedEvent['event']; job: string }) {
  const trial = 'trial' in event && typeof event.trial === 'number' && (
    <a href={jobAddress(job, 'trials', event.trial)}>{words().trialNumber(event.trial)}</a>
  );
  switch (event.kind) {
    case 'job_submitted':
      return <>{t().submitted(event.dialect)}</>;
    case 'job_changed':
    case 'trial_changed':
      return (
        <>
          {trial}{' '}
          {event.after === 'stopping' ? t().stopping : <StatusMark status={statusOf(event.after, event.reason)} />}{' '}
          {'objective' in event && event.objective !== null && event.objective !== undefined && (
            <b class="mono">{number(event.objective)}</b>
          )}{' '}
          {event.message}
        </>
      );
    case 'intent_changed':
      return <>{t().wanted(event.after)}</>;
    case 'trial_suggested':
      return (
        <>
          {trial} {t().suggested}{' '}
          <span class="mono faint">
            {Object.entries(event.parameters)
              .map(([key, one]) => `${key} ${value(one)}`)
              .join(' · ')}
          </span>
        </>
      );
    case 'stop_decided':
      return (
        <>
          {trial} {t().because(event.rule)}: {event.message}
        </>
      );
    case 'noted':
      return (
        <>
          {trial} {event.message}
        </>
      );
    default:
      return <>{JSON.stringify(event)}</>;
  }
}
