/** How a job or a trial stands, in the console's words: each has a colour, a shape and a name. */
export type Status =
  | 'queued'
  | 'running'
  | 'completed'
  | 'stopped'
  | 'cancelled'
  | 'no_metric'
  | 'failed'
  | 'system_error'
  | 'exhausted'
  | 'paused';

export const STATUSES: readonly Status[] = [
  'queued',
  'running',
  'completed',
  'stopped',
  'cancelled',
  'no_metric',
  'failed',
  'system_error',
  'exhausted',
  'paused',
];

export const MARKS: Readonly<Record<Status, string>> = {
  queued: '◌',
  running: '●',
  completed: '✓',
  stopped: '✕',
  cancelled: '■',
  no_metric: '∅',
  failed: '!',
  system_error: '⚡',
  exhausted: '▣',
  paused: '‖',
};

const SYSTEM = new Set(['system_error', 'lost', 'disk_full']);
const SPENT = new Set(['search_space_exhausted', 'converged']);

/** The status of a job or a trial by the API's state and reason. */
export function statusOf(state: string, reason: string | null | undefined): Status {
  switch (state) {
    case 'queued':
      return 'queued';
    case 'running':
    case 'stopping':
    case 'cancelling':
      return 'running';
    case 'paused':
      return 'paused';
    case 'stopped':
      return 'stopped';
    case 'cancelled':
      return 'cancelled';
    case 'succeeded':
      return reason && SPENT.has(reason) ? 'exhausted' : 'completed';
    default:
      if (reason === 'no_metric') return 'no_metric';
      return reason && SYSTEM.has(reason) ? 'system_error' : 'failed';
  }
}

export function isOver(status: Status): boolean {
  return !['queued', 'running', 'paused'].includes(status);
}
