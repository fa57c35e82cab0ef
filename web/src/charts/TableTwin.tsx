import { useSignal } from '@preact/signals';
import { messages } from '../i18n/messages';
import { value } from '../state/format';
import type { Table } from './chart';

const t = messages(
  { more: (shown: number, all: number) => `${shown} of ${all} rows; show more` },
  {
    zh: { more: (shown: number, all: number) => `${all} 行中的 ${shown} 行;显示更多` },
    ko: { more: (shown: number, all: number) => `${all}행 중 ${shown}행; 더 보기` },
  },
);
const PAGE = 200;

/** What a chart shows, as rows. */
export function TableTwin({ table, label }: { table: Table; label: string }) {
  const shown = useSignal(PAGE);
  const isNumber = table.columns.map((_, k) => table.rows.every((row) => typeof row[k] !== 'string'));
  return (
    <div class="twin" tabIndex={0} role="region" aria-label={label}>
      <table class="table">
        <thead>
          <tr>
            {table.columns.map((name, k) => (
              <th key={name} class={isNumber[k] ? 'number' : ''} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, shown.value).map((row, i) => (
            <tr key={i}>
              {row.map((cell, k) => (
                <td key={k} class={isNumber[k] ? 'number mono' : 'break'}>
                  {value(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > shown.value && (
        <button type="button" class="button" onClick={() => (shown.value += PAGE * 5)}>
          {t().more(shown.value, table.rows.length)}
        </button>
      )}
    </div>
  );
}
