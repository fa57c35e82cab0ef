import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDraft, type Draft } from '../src/editor/draft';
import { samplesOf } from '../src/editor/samples';

function sampled(text: string) {
  const draft = readDraft(text) as Draft;
  return samplesOf(draft.form.dialect, draft.parameters[0] as Draft['parameters'][number]);
}

const native = (fields: string) => sampled(`metric: loss\nparameters:\n  x: {${fields}}\n`);
const near = (found: number | undefined, wanted: number) => assert.ok(Math.abs((found ?? NaN) - wanted) <= Math.abs(wanted) * 0.02, `${found} is not near ${wanted}`);

test('a scale shows in where the values lie', () => {
  const linear = native('type: double, min: 0, max: 1');
  near(linear?.median, 0.5);
  assert.ok(linear?.shares.every((share) => Math.abs(share - 1 / 24) < 0.002));
  const log = native('type: double, min: 1e-5, max: 1e-1, scale: log');
  near(log?.median, 1e-3);
  assert.ok((log?.shares[0] ?? 0) > 0.6);
  const reverse = native('type: double, min: 1e-5, max: 1e-1, scale: reverse_log');
  near(reverse?.median, 0.1 + 1e-5 - 1e-3);
  assert.ok((reverse?.shares.at(-1) ?? 0) > 0.6);
});

test('every form is drawn as it is written', () => {
  near(sampled('goal: MAXIMIZE\nhyper_tuning:\n  parameter_specs:\n    - {name: x, type: DOUBLE, min_value: 1e-4, max_value: 1, scale_type: UNIT_LOG_SCALE}\n')?.median, 1e-2);
  near(sampled('trainingInput:\n  hyperparameters:\n    params:\n      - {parameterName: x, type: INTEGER, minValue: 1, maxValue: 9, scaleType: UNIT_LINEAR_SCALE}\n')?.median, 5);
  const whole = native('type: integer, min: 1, max: 6');
  assert.equal(whole?.shares.length, 6);
  assert.ok(whole?.shares.every((share) => Math.abs(share - 1 / 6) < 0.002));
  near(sampled('search_space:\n  x: {type: loguniform, min_value: -4, max_value: -2}\n')?.median, Math.exp(-3));
  near(sampled('search_space:\n  x: {type: qnormal, mu: 10, sigma: 2, q: 1}\n')?.median, 10);
  assert.deepEqual(sampled('search_space:\n  x: {type: randint, upper: 4}\n')?.shares.filter((share) => share > 0).length, 4);
});

test('what cannot be drawn is left out', () => {
  for (const fields of ['type: double, min: 1', 'type: double, min: 2, max: 1', 'type: double, min: 0, max: 1, scale: log', 'type: categorical, values: [a, b]', 'type: normal, mu: 0, sigma: 0']) {
    assert.equal(native(fields), undefined, fields);
  }
});
