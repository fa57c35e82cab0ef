import { messages } from '../../i18n/messages';
import { OBJECTIVE } from '../../state/brushes';
import type { AxisChoice } from './model';
import { chooseAxes } from './view';

const t = messages(
  { axes: 'Axes', show: 'show', invert: 'turn round', swap: 'log ⇄ linear', reset: 'As at first' },
  {
    zh: { axes: '轴', show: '显示', invert: '翻转', swap: '对数 ⇄ 线性', reset: '恢复默认' },
    ko: { axes: '축', show: '표시', invert: '뒤집기', swap: '로그 ⇄ 선형', reset: '처음 상태로' },
  },
);

interface AxisMenuProps {
  readonly choices: readonly AxisChoice[];
  readonly metric: string;
  readonly all: readonly string[];
}

/** Which axes there are, and which way each runs. */
export function AxisMenu({ choices, metric, all }: AxisMenuProps) {
  const shown = new Map(choices.map((one) => [one.name, one]));
  const names = [...choices.map(({ name }) => name), ...[...all, OBJECTIVE].filter((name) => !shown.has(name))];
  const change = (name: string, part: Partial<AxisChoice>) =>
    chooseAxes(choices.map((one) => (one.name === name ? { ...one, ...part } : one)));
  const toggle = (name: string) =>
    chooseAxes(
      shown.has(name)
        ? choices.filter((one) => one.name !== name)
        : [...choices, { name, isInverted: false, isSwapped: false }],
    );
  return (
    <details class="menu">
      <summary class="button small">{t().axes}</summary>
      <div class="menu-box axis-menu">
        <ul>
          {names.map((name) => {
            const choice = shown.get(name);
            const title = name === OBJECTIVE ? metric : name;
            return (
              <li key={name}>
                <label class="clip">
                  <input type="checkbox" checked={choice !== undefined} onChange={() => toggle(name)} /> {title}
                </label>
                {choice && (
                  <>
                    <button
                      type="button"
                      aria-pressed={choice.isInverted}
                      aria-label={`${title}: ${t().invert}`}
                      title={t().invert}
                      onClick={() => change(name, { isInverted: !choice.isInverted })}
                    >
                      ⇅
                    </button>
                    <button
                      type="button"
                      aria-pressed={choice.isSwapped}
                      aria-label={`${title}: ${t().swap}`}
                      title={t().swap}
                      onClick={() => change(name, { isSwapped: !choice.isSwapped })}
                    >
                      log
                    </button>
                  </>
                )}
              </li>
            );
          })}
        </ul>
        <button type="button" onClick={() => chooseAxes(undefined)}>
          {t().reset}
        </button>
      </div>
    </details>
  );
}
