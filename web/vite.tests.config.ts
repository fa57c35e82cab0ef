import { defineConfig } from 'vite';

// node runs no TypeScript of its own: the tests become one plain module below .tests.
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
      input: 'tests/all.ts',
      output: { entryFileNames: '[name].mjs' },
    },
  },
});
