import { words } from '../i18n/words';
import { MARKS, type Status } from '../state/statuses';

/** A status by colour, shape and word together, so that no one of them must be seen. */
export function StatusMark({ status, pill = false }: { status: Status; pill?: boolean }) {
  return (
    <span class={pill ? 'status pill' : 'status'} data-status={status}>
      <span class="status-shape" aria-hidden="true">
        {MARKS[status]}
      </span>
      {words()[status]}
    </span>
  );
}
