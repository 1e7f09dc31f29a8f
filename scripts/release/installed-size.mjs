import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What npm has installed in a folder: the number of packages, their files in MB, and the largest packages. */
export function installedSize(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
  const paths = Object.keys(packages).filter((path) => path.startsWith('node_modules/'));
  const bytesOf = new Map(paths.map((path) => [path, 0]));
  for (const entry of readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const parts = file.slice(folder.length + 1).replaceAll('\\', '/').split('/');
    const end = parts.lastIndexOf('node_modules') + (parts[parts.lastIndexOf('node_modules') + 1].startsWith('@') ? 3 : 2);
    const path = parts.slice(0, end).join('/');
    if (bytesOf.has(path)) bytesOf.set(path, bytesOf.get(path) + statSync(file).size);
  }
  const megabytes = (bytes) => Math.round(bytes / 1e5) / 10;
  const sizes = [...bytesOf].map(([path, bytes]) => ({ name: path.split('node_modules/').at(-1), bytes }));
  return {
    count: paths.length,
    megabytes: megabytes(sizes.reduce((sum, { bytes }) => sum + bytes, 0)),
    largest: sizes.toSorted((a, b) => b.bytes - a.bytes).map(({ name, bytes }) => ({ name, megabytes: megabytes(bytes) })),
  };
} // prettier-ignore
