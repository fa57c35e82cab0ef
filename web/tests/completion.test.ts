import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { choicesAt, spotAt } from '../src/editor/completion';
import type { Dialect } from '../src/editor/forms';

const schema = JSON.parse(readFileSync('../src/dowse/dialects/native/schema.json', 'utf8'));

/** What is offered where the bar stands. */
function offered(dialect: Dialect, marked: string): readonly string[] {
  const at = marked.indexOf('|');
  const spot = spotAt(marked.replace('|', ''), at);
  const choices = choicesAt(dialect, spot.path, schema);
  return (spot.isValue ? choices.values : choices.keys).map((one) => one.label);
}

test('keys and values of our own form come from its schema', () => {
  assert.ok(offered('native', 'lim|').includes('limits'));
  assert.ok(offered('native', 'limits:\n  tri|').includes('trials'));
  assert.ok(offered('native', 'goal: |').includes('maximize'));
  assert.ok(offered('native', 'parameters:\n  lr:\n    sc|').includes('scale'));
  assert.ok(offered('native', 'parameters:\n  lr: {type: double, sc|').includes('scale'));
  assert.ok(offered('native', 'parameters:\n  lr: {type: double, scale: |').includes('log'));
});

test('those of the other forms come from their tables', () => {
  const google = 'trainingInput:\n  hyperparameters:\n    ';
  assert.ok(offered('ai_platform', `${google}max|`).includes('maxTrials'));
  assert.ok(offered('ai_platform', `${google}goal: |`).includes('MINIMIZE'));
  assert.ok(offered('ai_platform', `${google}params:\n    - parameterName: a\n      type: |`).includes('DOUBLE'));
  assert.ok(offered('ai_platform', `${google}params:\n    - parameterName: a\n      scaleType: |`).includes('UNIT_LOG_SCALE'));
  assert.ok(offered('openbayes', 'hyper_tuning:\n  algo|').includes('algorithm'));
  assert.ok(offered('azure_ml', 'search_space:\n  lr:\n    type: |').includes('uniform'));
  assert.ok(offered('azure_ml', 'early_termination:\n  type: |').includes('median_stopping'));
});
