import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preferred } from '../src/i18n/language';
import { find } from '../src/routes';
import { jobAddress, match } from '../src/state/router';
import { duration, number, value } from '../src/state/format';

test('an address finds its page, and names of any script come back whole', () => {
  const name = 'a/b ü名가%';
  const [, , encoded] = jobAddress(name).split('/');
  assert.deepEqual(match('/jobs/:name/trials', `/jobs/${encoded}/trials/`), { name });
  assert.equal(find('/jobs/new')?.route.pattern, '/jobs/new');
  assert.equal(find('/jobs/x')?.route.isOfJob, true);
  assert.equal(find('/nowhere'), undefined);
  assert.equal(match('/jobs/:name', '/jobs/%E0%A4%A'), undefined);
});

test('the first of the languages that a browser asks for is spoken', () => {
  assert.equal(preferred(['de-DE', 'ko-KR', 'en']), 'ko');
  assert.equal(preferred(['zh-Hant-TW']), 'zh');
  assert.equal(preferred(['de']), 'en');
});

test('values are written as people compare them', () => {
  assert.deepEqual([0, 1.0922345, 1234567, 0.00123456, -4e-9, 64].map(number), ['0', '1.092', '1.23e6', '1.23e-3', '-4e-9', '64']);
  assert.deepEqual(['NaN', null, '-Infinity'].map(number), ['NaN', '—', '−∞']);
  assert.deepEqual([0.13374, true, 'adamw', null].map(value), ['0.134', 'true', 'adamw', '—']);
  assert.deepEqual([0.42, 42, 400, 4000, 16_920, 300_000, NaN].map(duration), ['0.4 s', '42 s', '6.7 min', '1 h 7 min', '4 h 42 min', '3 d 11 h', '—']);
});
