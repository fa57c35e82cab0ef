import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const HEADING = 'The pages of the console hold code and fonts of these packages.';

/** Writes the licences of every package that has a part in the build. */
export function licences(): Plugin {
  const homes = new Set<string>();
  return {
    name: 'licences',
    apply: 'build',
    // Style sheets are no modules of any chunk in the end, so all are noted on loading.
    load(id) {
      const home = homeOf(id);
      if (home !== undefined) homes.add(home);
      return null;
    },
    generateBundle(_, bundle) {
      // Fonts that a style sheet names are never loaded: only what was written says so.
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset') continue;
        for (const name of file.originalFileNames) {
          const home = homeOf(resolve(import.meta.dirname, name));
          if (home !== undefined) homes.add(home);
        }
      }
      const source = [HEADING, ...[...homes].sort().map(entry)].join(`\n\n${'-'.repeat(80)}\n`);
      this.emitFile({ type: 'asset', fileName: 'THIRD_PARTY_LICENSES.txt', source: `${source}\n` });
    },
  };
}

function homeOf(id: string): string | undefined {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '');
  if (!path.includes('/node_modules/')) return undefined;
  let folder = dirname(path);
  while (!/\/node_modules\/(@[^/]+\/)?[^/]+$/.test(folder)) folder = dirname(folder);
  return existsSync(join(folder, 'package.json')) ? folder : undefined;
}

function entry(home: string): string {
  const about = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Record<string, string>;
  const file = readdirSync(home).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${about.name} comes without the text of its licence`);
  const text = readFileSync(join(home, file), 'utf8').trim();
  return `${about.name} ${about.version} (${about.license})\n\n${text}`;
}
