import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf } from '../src/state/concerns';
import type { Happening } from '../src/state/live';
import type { ColumnsDocument } from '../src/state/trials';

const STATES = ['queued', 'running', 'succeeded'];

function told(rows: readonly { number: number; state?: string; reports?: number }[], rest: Partial<ColumnsDocument> = {}): Happening {
  const columns = {
    job: 'j',
    removed: [],
    number: rows.map(({ number }) => number),
    state: { labels: STATES, codes: rows.map(({ state }) => STATES.indexOf(state ?? 'running')) },
    reason: { labels: [], codes: rows.map(() => -1) },
    attempt: rows.map(() => 1),
    objective: rows.map(() => null),
    started_at: rows.map(({ number }) => number),
    ended_at: rows.map(() => null),
    metrics: { loss: { reports: rows.map(({ reports }) => reports ?? 0) } },
    ...rest,
  } as unknown as ColumnsDocument;
  return { kind: 'trials', job: columns.job, columns };
}

test('a trial concerns its page when it changes, not when it or another one reports', () => {
  const concerns = changesOf([{ job: 'j', number: 3 }]);
  assert.ok(concerns(told([{ number: 3, reports: 1 }])), 'what was never heard of may be new');
  assert.ok(!concerns(told([{ number: 3, reports: 90 }, { number: 4, reports: 7 }])));
  assert.ok(!concerns(told([{ number: 4, state: 'succeeded' }])));
  assert.ok(concerns(told([{ number: 3, state: 'succeeded' }])));
  assert.ok(concerns(told([], { removed: [3] })));
});

test('of the news of a job only that all must be read anew and that it is gone concern a trial', () => {
  const concerns = changesOf([{ job: 'j', number: 3 }]);
  assert.ok(!concerns({ kind: 'job', job: 'j', summary: {} as never }));
  assert.ok(concerns({ kind: 'resync', job: 'j' }));
  assert.ok(concerns({ kind: 'deleted', job: 'j' }));
  assert.ok(!concerns({ kind: 'deleted', job: 'other' }));
});

test('several trials of one message are held against the next, each by its job', () => {
  const concerns = changesOf([{ job: 'j', number: 3 }, { job: 'j', number: 4 }, { job: 'k', number: 3 }]);
  assert.ok(concerns(told([{ number: 3 }, { number: 4 }])));
  assert.ok(!concerns(told([{ number: 3, reports: 5 }, { number: 4, reports: 5 }])));
  assert.ok(concerns(told([{ number: 3 }], { job: 'k' })));
});
