import { defineConfig } from 'vite';
import { licences } from './licences.ts';

// What the server hands out: hashed names below /assets, which browsers keep for good.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [licences()],
  build: {
    outDir: '../src/dowse/console/static',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8470', '/login': 'http://127.0.0.1:8470' } },
});
