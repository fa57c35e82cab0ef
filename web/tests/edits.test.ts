import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Lexer } from 'yaml';
import { difference, edited, editedAll, listEdits, type Edit } from '../src/editor/edits';
import { Literal, parsed, plainAt, plainOfValue, samePlain, type Path, type Plain, type Writable } from '../src/editor/text';

const SAMPLES = ['native', 'ai_platform', 'openbayes', 'azure_ml'].map((name) =>
  readFileSync(`../src/dowse/dialects/samples/${name}.yaml`, 'utf8'),
);
const AWKWARD = `# head
b:   # why b
  -  x: 1   # one
     y: 'two'
  # about the second
  - x: 2
    y: "three"

c: {k: 1, l: [1, 2,   3], m: {}}   # flow
d:
# at the left
  deep:
    deeper: 1e-5   # digits
    empty:
e: []
f: >-
  folded words
  on two lines
g: |
  kept
`;

const TARGETS = `# what counts
objectives: # the first ranks
  accuracy: maximize # of the test set
  latency_ms: minimize   # in use
metric_limits:
  # agreed
  - latency_ms <= 50 # at most
  - size_mb <= 100
parameters: {lr: {type: double, min: 0, max: 1}}
`;

/** Seeded, so that a failure comes again: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function comments(text: string): string[] {
  return [...new Lexer().lex(text)].filter((token) => token.startsWith('#')).sort();
}

interface Place {
  readonly path: Path;
  readonly plain: Plain;
}

function places(plain: Plain, path: Path = []): Place[] {
  const here = [{ path, plain }];
  if (plain instanceof Map) return [...here, ...[...(plain as ReadonlyMap<string, Plain>)].flatMap(([key, one]) => places(one, [...path, key]))];
  if (Array.isArray(plain)) return [...here, ...plain.flatMap((one, i) => places(one as Plain, [...path, i]))];
  return here;
}

const SCALARS: readonly Writable[] = [
  new Literal('1e-5'), new Literal('0.10'), new Literal('-3'), 'plain', 'with: colon', '# no comment', "it's", '"quoted"', 'true', '12', '', 'ключ 키 键', 'a, b] }', ' padded ', 'two\nlines', true, 7, null,
];
const ENTRIES: readonly Writable[] = [
  { type: 'double', min: new Literal('1e-4'), max: 1, scale: 'log' }, [16, 32, 64], { name: 'n', values: ['a', 'b: c'] }, {}, [], { nested: { more: [1] } }, 'word',
];

function pick<T>(from: readonly T[], dice: () => number): T {
  return from[Math.floor(dice() * from.length)] as T;
}

function someEdit(text: string, dice: () => number): Edit {
  const all = places(plainAt(parsed(text), []) as Plain);
  const { path, plain } = pick(all, dice);
  const size = plain instanceof Map ? plain.size : Array.isArray(plain) ? plain.length : 0;
  const fresh = `k${Math.floor(dice() * 1e6)}`;
  const value = dice() < 0.5 ? pick(SCALARS, dice) : pick(ENTRIES, dice);
  const isInMap = typeof path[path.length - 1] === 'string';
  switch (Math.floor(dice() * 6)) {
    case 0:
      if (path.length > 0 && size > 0 && dice() < 0.9) return { do: 'remove', path };
      break;
    case 1:
      if (isInMap) return { do: 'rename', path, name: dice() < 0.3 ? `odd: ${fresh}` : fresh };
      break;
    case 2:
      if (size > 1) return { do: 'move', path, at: Math.floor(dice() * (size - 1)) };
      break;
    case 3:
    case 4:
      if (plain instanceof Map) return { do: 'insert', path, at: Math.floor(dice() * (size + 1)), key: fresh, value };
      if (Array.isArray(plain)) return { do: 'insert', path, at: Math.floor(dice() * (size + 1)), value };
  }
  if (path.length > 0 && !(plain instanceof Map) && !Array.isArray(plain)) return { do: 'set', path, value: pick(SCALARS, dice) };
  return { do: 'set', path: plain instanceof Map ? [...path, fresh] : [fresh, 'below'], value };
}

test('a thousand edits: each says what was asked for, and no comment is lost outside what is removed', () => {
  let rewritten = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const dice = random(seed);
    let text = [...SAMPLES, AWKWARD, TARGETS][seed % 6] as string;
    for (let step = 0; step < 10; step += 1) {
      const edit = someEdit(text, dice);
      const now = edited(text, edit); // Throws where the text says anything else than was asked for.
      const about = `seed ${seed}, step ${step}: ${JSON.stringify(edit)}\n--- before\n${text}\n--- after\n${now}`;
      const kept = comments(now);
      const lost = comments(text).filter((one) => !kept.includes(one));
      if (edit.do !== 'remove' && edit.do !== 'set') assert.deepEqual(lost, [], about);
      const untouched = text.split('\n').filter((line) => now.split('\n').includes(line)).length;
      if (untouched < text.split('\n').length / 3) rewritten += 1;
      text = now;
    }
  }
  assert.ok(rewritten < 20, `${rewritten} edits touched most of the document`);
});

test('a scalar is exchanged in its own place and nowhere else', () => {
  for (const text of SAMPLES) {
    for (const { path, plain } of places(plainAt(parsed(text), []) as Plain)) {
      if (typeof plain === 'object' && plain !== null) continue;
      const now = edited(text, { do: 'set', path, value: 'other' });
      const change = difference(text, now);
      assert.ok(change && !change.insert.includes('\n'), `${path.join('.')}: ${JSON.stringify(change)}`);
    }
  }
});

test('what is set to what it says already stays byte for byte', () => {
  for (const text of SAMPLES) {
    for (const { path, plain } of places(plainAt(parsed(text), []) as Plain)) {
      if (typeof plain !== 'string' || path.length === 0) continue;
      assert.equal(edited(text, { do: 'set', path, value: plain }), text, path.join('.'));
    }
  }
});

test('numbers keep the digits that were typed, and words that look like numbers are quoted', () => {
  assert.equal(edited('lr: 0.1\n', { do: 'set', path: ['lr'], value: new Literal('1e-5') }), 'lr: 1e-5\n');
  assert.equal(edited('lr: 0.1\n', { do: 'set', path: ['lr'], value: '1e-5' }), 'lr: "1e-5"\n');
  assert.equal(edited('lr: 0.1\n', { do: 'set', path: ['lr'], value: new Literal('half') }), 'lr: half\n');
});

test('an entry is removed and moved together with the comments above it', () => {
  const text = 'a: 1\n# of b\nb: 2 # too\n# of c\nc: 3\n';
  assert.equal(edited(text, { do: 'remove', path: ['b'] }), 'a: 1\n# of c\nc: 3\n');
  assert.equal(edited(text, { do: 'move', path: [], at: 1 }), 'a: 1\n# of c\nc: 3\n# of b\nb: 2 # too\n');
});

test('a new entry looks like the ones beside it', () => {
  const native = 'parameters:\n  lr: {type: double, min: 0, max: 1}\n';
  const added = edited(native, { do: 'insert', path: ['parameters'], at: 1, key: 'n', value: { type: 'integer', min: 1, max: 3 } });
  assert.equal(added, `${native}  n: {type: integer, min: 1, max: 3}\n`);
  const google = 'params:\n  - parameterName: a\n    type: DOUBLE\n';
  const more = edited(google, { do: 'insert', path: ['params'], at: 1, value: { parameterName: 'b', type: 'INTEGER' } });
  assert.equal(more, `${google}  - parameterName: b\n    type: INTEGER\n`);
});

test('what is missing on the way is made', () => {
  assert.equal(edited('a: 1\n', { do: 'set', path: ['limits', 'trials'], value: 5 }), 'a: 1\nlimits:\n  trials: 5\n');
  assert.equal(edited('', { do: 'set', path: ['limits', 'trials'], value: 5 }), 'limits:\n  trials: 5\n');
});

test('the entries of a list that stay keep their comments', () => {
  const text = 'v:\n  - 1 # one\n  - 2 # two\n  - 3 # three\n';
  const edits = listEdits(['v'], [1, 2, 3], [1, 5, 3]);
  assert.equal(editedAll(text, edits), 'v:\n  - 1 # one\n  - 5\n  - 3 # three\n');
  assert.ok(samePlain(plainOfValue([1, 5, 3]), plainAt(parsed(editedAll(text, edits)), ['v'])));
});
