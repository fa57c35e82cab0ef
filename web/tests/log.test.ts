import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut, placesOf } from '../src/trial/search';
import { Terminal } from '../src/trial/terminal';

function shown(terminal: Terminal): string {
  return terminal
    .blocks()
    .map(({ text }) => text)
    .join('\n');
}

function printed(...parts: readonly string[]): Terminal {
  const terminal = new Terminal(1e9);
  for (const part of parts) terminal.write(part);
  return terminal;
}

test('a progress bar is one line, however it arrives', () => {
  const bar = Array.from({ length: 101 }, (_, i) => `\r${String(i).padStart(3)}%|${'#'.repeat(i / 10)}`).join('');
  assert.equal(shown(printed(`begin\n${bar}\nend\n`)), `begin\n100%|${'#'.repeat(10)}\nend`);
  assert.equal(shown(printed('begin\n', ...bar.split(/(?=\r)/), '\nend')), `begin\n100%|${'#'.repeat(10)}\nend`);
  assert.equal(shown(printed(' 10%\r')), ' 10%');
  assert.equal(shown(printed(' 10%\r', ' 20%\r')), ' 20%');
  assert.equal(shown(printed('windows\r\nand\r\r\nothers\n')), 'windows\nand\nothers');
  assert.equal(shown(printed('\u001b[32mold\u001b[0m\u001b[2K\rnew\b\bot\n')), 'not');
});

test('colours become looks and everything else that steers a terminal is left out', () => {
  const [block] = printed('\u001b[1;31mERROR\u001b[0m at \u001b]8;;http://x\u0007here\u001b]8;;\u0007\u0007\u001b[A\u001b(B!\n').blocks();
  assert.equal(block?.text, 'ERROR at here!');
  assert.deepEqual(block?.looks, [{ from: 0, to: 5, name: 'sgr-bold sgr-red' }]);
});

test('a look goes on over lines and parts until it is taken back', () => {
  const [block] = printed('a\u001b[3', '3mb\nc', 'd\u001b[39me\n').blocks();
  assert.equal(block?.text, 'ab\ncde');
  assert.deepEqual(block?.looks, [
    { from: 1, to: 2, name: 'sgr-yellow' },
    { from: 3, to: 5, name: 'sgr-yellow' },
  ]);
});

test('rich colours become the hue that is nearest', () => {
  const hues = (code: string) => printed(`\u001b[${code}mx`).blocks()[0]?.looks.map(({ name }) => name);
  assert.deepEqual(hues('38;5;196'), ['sgr-red']);
  assert.deepEqual(hues('38;2;20;200;30'), ['sgr-green']);
  assert.deepEqual(hues('38;5;250'), []);
  assert.deepEqual(hues('90'), ['sgr-faint']);
  assert.deepEqual(hues('48;5;196;4'), ['sgr-underline']);
});

test('a long log is blocks of which only the last one is ever another', () => {
  const terminal = printed(Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join(''));
  const before = terminal.blocks();
  terminal.write('more\n');
  const after = terminal.blocks();
  assert.deepEqual([before.length, after.length], [5, 6]);
  assert.ok(before.every((block, i) => block === after[i]));
  assert.equal(shown(terminal).split('\n').length, 1001);
});

test('what was printed first goes, and very long lines are broken', () => {
  const terminal = new Terminal(10_000);
  for (let i = 0; i < 2000; i++) terminal.write(`this is line number ${i}\n`);
  assert.ok(terminal.isCut);
  assert.ok(shown(terminal).length < 16_000);
  assert.ok(shown(terminal).endsWith('this is line number 1999'));
  assert.equal(shown(printed('x'.repeat(25_000))).split('\n').length, 3);
});

test('a log is marked where something is sought, whatever it means to a pattern and in whatever look', () => {
  const places = placesOf('a.B.c aXb', '.b');
  assert.deepEqual(places, [[1, 3]]);
  const pieces = cut('ab cd ef', [{ from: 1, to: 4, name: 'sgr-red' }], placesOf('ab cd ef', 'CD'));
  assert.deepEqual(
    pieces.map(({ text, look, hit }) => [text, look, hit]),
    [
      ['a', '', undefined],
      ['b ', 'sgr-red', undefined],
      ['c', 'sgr-red', 0],
      ['d', '', 0],
      [' ef', '', undefined],
    ],
  );
});
