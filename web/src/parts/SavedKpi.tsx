import { useSignal } from '@preact/signals';
import { get, jobPath } from '../api/client';
import type { components } from '../api/schema';
import { messages } from '../i18n/messages';
import { count, duration, number, percent } from '../state/format';
import { useJob } from '../state/job';
import { useResource } from '../state/resource';
import { jobAddress } from '../state/router';
import { Dialog } from './Dialog';
import { Kpi } from './Kpi';

const t = messages(
  {
    title: 'Saved by early stopping',
    ledger: 'ledger',
    ledgerTitle: 'What early stopping saved',
    of: (saved: string, all: string, stopped: number) => `${saved} of ${all} not spent · ${stopped} stopped`,
    nothing: 'no trial was stopped early',
    unknown: (stopped: number) => `${stopped} stopped; how long they would have run is not known`,
    rule: 'Rule',
    stopped: 'Stopped',
    reports: 'Reports not made',
    time: 'Time not spent',
    money: 'Not paid',
    wrong: 'How often it was wrong',
    trials: 'Trial by trial',
    ran: 'Ran for',
    expected: 'Expected',
  },
  {
    zh: {
      title: '提前停止的节省',
      ledger: '明细',
      ledgerTitle: '提前停止节省了什么',
      of: (saved: string, all: string, stopped: number) => `${all} 中节省 ${saved} · 停止 ${stopped} 个`,
      nothing: '没有试验被提前停止',
      unknown: (stopped: number) => `停止 ${stopped} 个;它们本会运行多久不清楚`,
      rule: '规则',
      stopped: '停止数',
      reports: '未产生的报告',
      time: '未花费的时间',
      money: '未支付',
      wrong: '误停频率',
      trials: '逐个试验',
      ran: '已报告',
      expected: '预期',
    },
    ko: {
      title: '조기 중지로 절약',
      ledger: '내역',
      ledgerTitle: '조기 중지가 절약한 것',
      of: (saved: string, all: string, stopped: number) => `${all} 중 ${saved} 절약 · 중지 ${stopped}개`,
      nothing: '일찍 중지한 시행이 없습니다',
      unknown: (stopped: number) => `중지 ${stopped}개; 얼마나 더 실행됐을지는 알 수 없습니다`,
      rule: '규칙',
      stopped: '중지됨',
      reports: '하지 않은 보고',
      time: '쓰지 않은 시간',
      money: '지불하지 않음',
      wrong: '틀린 빈도',
      trials: '시행별',
      ran: '보고됨',
      expected: '예상',
    },
  },
);

type Savings = components['schemas']['SavingsDocument'];

/** What was not spent, with the account of it. */
export function SavedKpi({ stopped }: { stopped: number }) {
  const { name } = useJob();
  const isOpen = useSignal(false);
  const found = useResource(`${name} ${stopped}`, (abort) => get<Savings>(jobPath(name, 'savings'), {}, abort)).data.value;
  const saved = found?.totals.reduce((sum, one) => sum + Number(one.seconds), 0) ?? 0;
  const share = found?.share;
  return (
    <Kpi
      label={t().title}
      beside={
        found && (
          <button type="button" class="link" onClick={() => (isOpen.value = true)}>
            {t().ledger}
          </button>
        )
      }
      figure={share === null || share === undefined ? '—' : percent(Number(share))}
    >
      {found &&
        (found.stopped.length === 0
          ? t().nothing
          : share === null
            ? t().unknown(stopped)
            : t().of(duration(saved), duration(saved + Number(found.spent_seconds)), stopped))}
      {isOpen.value && found && <Ledger found={found} onClose={() => (isOpen.value = false)} />}
    </Kpi>
  );
}

function Ledger({ found, onClose }: { found: Savings; onClose: () => void }) {
  const { audit } = found;
  return (
    <Dialog title={t().ledgerTitle} onClose={onClose} class="broad">
      {found.stopped.length === 0 ? <p>{t().nothing}</p> : <Account found={found} />}
      <p>
        <b>{t().wrong}</b>: {audit.message}
      </p>
    </Dialog>
  );
}

/** By rule, and trial by trial. */
function Account({ found }: { found: Savings }) {
  const { currency } = found;
  const hasMoney = found.totals.some((one) => one.amount !== null);
  return (
    <>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t().rule}</th>
            <th scope="col" class="number">{t().stopped}</th>
            <th scope="col" class="number">{t().reports}</th>
            <th scope="col" class="number">{t().time}</th>
            {hasMoney && <th scope="col" class="number">{t().money}</th>}
          </tr>
        </thead>
        <tbody>
          {found.totals.map((one) => (
            <tr key={one.rule}>
              <td>{one.rule}</td>
              <td class="number">{count(one.stopped)}</td>
              <td class="number">{number(one.reports)}</td>
              <td class="number">{duration(Number(one.seconds))}</td>
              {hasMoney && <td class="number">{`${number(one.amount)} ${currency}`}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <details>
        <summary>{t().trials}</summary>
        <ul class="ledger-trials">
          {found.stopped.map((one) => (
            <li key={one.trial}>
              <a href={jobAddress(found.job, 'trials', one.trial)}>#{one.trial}</a> {one.rule} · {t().ran} {one.reports} ·{' '}
              {t().expected} {number(one.expected.reports)}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
