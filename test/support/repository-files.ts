import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace.js';

const escapeText = (text: string) => text.replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&');

/** The patterns of .gitignore: a name, which may have `*`, or a path from the root; each may end in a slash. */
function readIgnored(): (name: string, path: string) => boolean {
  const patterns = readFileSync(join(ROOT, '.gitignore'), 'utf8')
    .split('\n')
    .map((line) => line.trim().replace(/\/$/, ''))
    .filter((line) => line && !line.startsWith('#'));
  const names = new Set(['.git', ...patterns]);
  const globs = patterns
    .filter((line) => line.includes('*'))
    .map((line) => new RegExp(`^${line.split('*').map(escapeText).join('.*')}$`));
  return (name, path) => names.has(name) || names.has(path) || globs.some((glob) => glob.test(name));
}

/** Every file of the repository that git does not ignore, from the root and sorted, also where there is no git. */
export function repositoryFiles(): string[] {
  const isIgnored = readIgnored();
  const filesOf = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (isIgnored(entry.name, path)) return [];
      if (entry.isDirectory()) return filesOf(path);
      return entry.isFile() ? [path] : [];
    });
  return filesOf('').sort();
}
