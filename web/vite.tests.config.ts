import { readdirSync } from 'node:fs';
import { defineConfig } from 'vite';

// node runs no TypeScript of its own: each test becomes one plain module below .tests.
const tests = readdirSync('tests', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.test.ts'),
);

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  publicDir: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: '.tests',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: {
      input: Object.fromEntries(tests.map((name) => [name.replace(/\.ts$/, ''), `tests/${name}`])),
      output: { entryFileNames: '[name].mjs' },
    },
  },
});
