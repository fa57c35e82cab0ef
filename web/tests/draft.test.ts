import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { addEdits, entryEdits, fieldEdits, isSlip, readDraft, renameEdits, typeEdits, withRanges, type Draft } from '../src/editor/draft';
import { editedAll } from '../src/editor/edits';
import type { Field } from '../src/editor/forms';

const NAMES = ['native', 'ai_platform', 'openbayes', 'azure_ml'] as const;

function sample(name: string): string {
  return readFileSync(`../src/dowse/dialects/samples/${name}.yaml`, 'utf8');
}

function draftOf(text: string): Draft {
  const found = readDraft(text);
  assert.ok(!isSlip(found), text);
  return found;
}

function fieldsOf(draft: Draft): Field[] {
  return Object.values(draft.form.sections).flat();
}

for (const name of NAMES) {
  test(`the sample of ${name} is shown whole, and what is typed comes back`, () => {
    let text = sample(name);
    let draft = draftOf(text);
    assert.equal(draft.form.dialect, name);
    assert.ok(draft.parameters.length >= 3);
    for (const field of fieldsOf(draft)) {
      const typed = { whole: '7', number: '0.25', flag: 'true', choice: field.choices?.[0] ?? '', words: 'a, b', pairs: 'a: maximize, b: minimize', text: 'some text', long: 'run --it' }[field.kind];
      text = editedAll(text, fieldEdits(text, field, typed));
      draft = draftOf(text);
      assert.equal(draft.values(field), typed, `${field.label} of ${name}\n${text}`);
    }
    for (const field of fieldsOf(draft)) {
      text = editedAll(text, fieldEdits(text, field, ''));
      assert.equal(draftOf(text).values(field), '', `${field.label} of ${name}\n${text}`);
    }
  });

  test(`parameters of ${name} are added, renamed and changed to every type`, () => {
    let text = sample(name);
    text = editedAll(text, addEdits(text, draftOf(text).form, draftOf(text).parameters));
    const last = () => draftOf(text).parameters.at(-1) as Draft['parameters'][number];
    assert.equal(last().name, 'parameter_1');
    text = editedAll(text, renameEdits(draftOf(text).form, last(), 'named anew'));
    assert.equal(last().name, 'named anew');
    for (const { type, fields } of draftOf(text).form.space.types) {
      const before = last().fields;
      text = editedAll(text, typeEdits(draftOf(text).form, last(), type));
      assert.equal(last().type, type);
      for (const { key, kind, initial, choices } of fields) {
        if (initial !== undefined && !before.get(key)) assert.deepEqual(last().fields.get(key), initial, `${type} ${key}\n${text}`);
        const typed = kind === 'values' ? ['1', '3', '9'] : (choices?.[1] ?? '2.5');
        text = editedAll(text, entryEdits(text, last(), key, typed));
        assert.deepEqual(last().fields.get(key), typed, `${type} ${key}\n${text}`);
      }
      for (const { key, kind } of fields) if (kind === 'values') text = editedAll(text, entryEdits(text, last(), key, ['16', '32', '64']));
      for (const { key, kind } of fields) if (kind !== 'values') text = editedAll(text, entryEdits(text, last(), key, ''));
    }
  });
}

test('a first parameter can be added to a document that has none', () => {
  for (const start of ['', 'hyper_tuning:\n  goal: MINIMIZE\n', 'trainingInput:\n  hyperparameters:\n    goal: MINIMIZE\n', 'sampling_algorithm: random\n']) {
    const text = editedAll(start, addEdits(start, draftOf(start).form, []));
    assert.equal(draftOf(text).parameters.length, 1, text);
  }
});

test('half-typed YAML says where it is wrong', () => {
  const slip = readDraft('a: 1\nb: [1, 2\nc: 3\n');
  assert.ok(isSlip(slip) && slip.line >= 2, JSON.stringify(slip));
});

test('keys that no field shows are named and kept', () => {
  const text = 'command: x\nretries: 3\nodd: {a: 1}\nparameters:\n  lr: {type: double, min: 0, max: 1, strange: 5}\n';
  const draft = draftOf(text);
  assert.deepEqual(draft.others, ['retries', 'odd']);
  assert.deepEqual(draft.parameters[0]?.others, ['strange']);
});

test('ranges are written where each form has them', () => {
  for (const name of NAMES) {
    const entry = draftOf(sample(name)).parameters.find((one) => [...one.fields.keys()].some((key) => key.startsWith('min')));
    const text = withRanges(sample(name), new Map([[entry?.name ?? '', ['1e-3', '0.02'] as const]]));
    const now = draftOf(text).parameters.find((one) => one.name === entry?.name);
    const bounds = [...(now?.fields ?? [])].filter(([key]) => /^(min|max)/.test(key)).map(([, value]) => Number(value));
    assert.deepEqual(bounds, [1e-3, 0.02], text);
  }
});

test('objectives and limits keep their comments and take the order that is typed', () => {
  const text = 'objectives:\n  accuracy: maximize # the most\n  latency_ms: minimize # in use\n\nmetric_limits: # all\n  - latency_ms <= 50 # as agreed\nparameters: {}\n';
  const field = (label: string) => fieldsOf(draftOf(text)).find((one) => one.label === label) as Field;
  const typed = (found: string, label: string, words: string) => editedAll(found, fieldEdits(found, field(label), words));
  assert.equal(draftOf(text).values(field('objectives')), 'accuracy: maximize, latency_ms: minimize');
  assert.equal(draftOf(text).values(field('metricLimits')), 'latency_ms <= 50');
  assert.deepEqual(draftOf(text).others, []);
  let now = typed(text, 'metricLimits', 'latency_ms <= 50, size >= 2');
  assert.equal(now, text.replace('as agreed\n', 'as agreed\n  - size >= 2\n'));
  now = typed(text, 'objectives', 'latency_ms: minimize, accuracy: maximize, size: minimize');
  assert.equal(draftOf(now).values(field('objectives')), 'latency_ms: minimize, accuracy: maximize, size: minimize');
  for (const comment of ['# the most', '# in use', '# all', '# as agreed']) assert.ok(now.includes(comment), now);
  now = typed(now, 'objectives', 'error: minimize');
  assert.equal(draftOf(now).values(field('objectives')), 'error: minimize');
  assert.equal(draftOf(typed(now, 'objectives', '')).values(field('objectives')), '');
});

test('what is more than a word has no field and stays among the other keys', () => {
  const text = 'objectives: {loss: {goal: minimize, use: best}}\nmetric_limits: [{metric: size, at_most: 3}]\nparameters: {}\n';
  const draft = draftOf(text);
  assert.deepEqual(draft.others, ['objectives', 'metric_limits']);
  assert.deepEqual(fieldsOf(draft).filter((one) => !draft.fits(one)).map((one) => one.label), ['objectives', 'metricLimits']);
});

test('a name that is typed stands at the head, below what the file says of itself', () => {
  const name = fieldsOf(draftOf(sample('native'))).find((one) => one.label === 'name') as Field;
  const text = editedAll(sample('native'), fieldEdits(sample('native'), name, 'digits'));
  assert.equal(text, sample('native').replace('\n\n', '\n\nname: digits\n'));
});

test('whatever objectives are typed after others, they come back, and those that stay keep their comments', () => {
  const names = ['accuracy', 'latency_ms', 'size', 'f1'];
  const start = `# head\nobjectives:\n${names.map((name) => `  ${name}: minimize # of ${name}\n`).join('')}\nparameters: {}\n`;
  const flow = '# head\nobjectives: {accuracy: maximize, size: minimize} # all\nparameters: {}\n';
  const field = fieldsOf(draftOf(start)).find((one) => one.label === 'objectives') as Field;
  for (let round = 0; round < 200; round += 1) {
    const from = round % 2 ? start : flow;
    // Any of the names may come first, the rest in either direction, and each with either goal.
    const turned = [...names.slice(round % 4), ...names.slice(0, round % 4)];
    const order = (round % 3 ? turned : turned.toReversed()).slice(0, 1 + (round % 5) % 4);
    const typed = order.map((name, k) => `${name}: ${(round >> k) % 2 ? 'maximize' : 'minimize'}`).join(', ');
    const now = editedAll(from, fieldEdits(from, field, typed));
    assert.equal(draftOf(now).values(field), typed, `${typed}\n${now}`);
    const kept = from === start ? order.map((name) => `# of ${name}`) : ['# all'];
    for (const comment of ['# head', ...kept]) assert.ok(now.includes(comment), `${comment} of ${typed}\n${now}`);
  }
});
