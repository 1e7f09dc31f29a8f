import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/*
 * A build leaves dist/.build.json: the SHA-256 of the sources that it was made of, and of each file that it made. A package whose
 * dist is empty, older than its sources or changed by hand is not packed.
 */

export const STAMP_FILE = '.build.json';

/** What a build is made of, from the folder of the package. */
const SOURCES = /^(src|bin)\/|^(tsup\.config\.ts|package\.json)$/;
/** Written by the build itself, and ignored by git. */
const GENERATED = /\.wasm\.ts$|^src\/generated\//;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

const filesBelow = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll(sep, '/'))
        .sort()
    : []; // prettier-ignore

const checksumsOf = (folder, names) =>
  Object.fromEntries(names.map((name) => [name, sha256(readFileSync(join(folder, name)))]));

function sourcesChecksum(folder) {
  const names = ['src', 'bin'].flatMap((part) => filesBelow(join(folder, part)).map((name) => `${part}/${name}`));
  const sources = [...names, 'package.json', 'tsup.config.ts'].filter((name) => SOURCES.test(name) && !GENERATED.test(name));
  return sha256(JSON.stringify(checksumsOf(folder, sources)));
} // prettier-ignore

/** Writes the stamp of the build of a package. */
export function writeStamp(folder) {
  const dist = join(folder, 'dist');
  const names = filesBelow(dist).filter((name) => name !== STAMP_FILE);
  const stamp = { sources: sourcesChecksum(folder), files: checksumsOf(dist, names) };
  writeFileSync(join(dist, STAMP_FILE), `${JSON.stringify(stamp, undefined, 2)}\n`);
}

/** Why the dist of a package is not a build of its sources, in a sentence; undefined if it is one. */
export function whyNotFresh(folder) {
  const dist = join(folder, 'dist');
  if (!existsSync(join(dist, STAMP_FILE))) return 'dist holds no build';
  const stamp = JSON.parse(readFileSync(join(dist, STAMP_FILE), 'utf8'));
  if (stamp.sources !== sourcesChecksum(folder)) return 'dist is older than the sources';
  const names = filesBelow(dist).filter((name) => name !== STAMP_FILE);
  const present = checksumsOf(dist, names);
  const lost = Object.keys(stamp.files).find((name) => !(name in present));
  if (lost) return `dist/${lost} is missing`;
  const changed = names.find((name) => present[name] !== stamp.files[name]);
  return changed && `dist/${changed} is not what the build wrote`;
}
