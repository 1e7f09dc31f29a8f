import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPackages } from './workspace.mjs';

/*
 * A package shows records of the packages that it depends on in its own functions. So a change of theirs that is not compatible is
 * one of its own: its version must leave the range ^0.1.0 of its users too. `changeset version` alone would give it a patch.
 */

const FIELDS = ['dependencies', 'peerDependencies'];
const ORDER = ['none', 'patch', 'minor', 'major'];

/** The bump of a version that its users do not get without asking: minor before 1.0.0, else major. */
const breakingBump = (version) => (version.startsWith('0.') ? 'minor' : 'major');

const isAtLeast = (bump, least) => ORDER.indexOf(bump) >= ORDER.indexOf(least);

/** The highest bump of each package in the changesets of a folder. */
export function readBumps(folder) {
  const bumps = {};
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md')) {
    const [, header = ''] = /^---\r?\n(.*?)\r?\n?---/s.exec(readFileSync(join(folder, name), 'utf8')) ?? [];
    for (const [, name, bump] of header.matchAll(/^['"]?([^'":]+)['"]?: *(patch|minor|major) *$/gm))
      if (isAtLeast(bump, bumps[name] ?? 'none')) bumps[name] = bump;
  }
  return bumps;
}

/**
 * The packages that need a higher bump than their changesets say: { name, bump, because }, with `because` the names of the packages
 * that are not compatible.
 */
export function missingBumps(packages, bumps) {
  const published = packages.filter(({ manifest }) => !manifest.private).map(({ manifest }) => manifest);
  const breaking = new Set(
    published.filter(({ name, version }) => isAtLeast(bumps[name] ?? 'none', breakingBump(version))).map(({ name }) => name),
  ); // prettier-ignore
  const missing = [];
  for (let hasGrown = true; hasGrown;) {
    const found = published
      .filter(({ name }) => !breaking.has(name))
      .map((manifest) => ({
        manifest,
        because: dependenciesOf(manifest).filter((name) => breaking.has(name)),
      }))
      .filter(({ because }) => because.length > 0);
    for (const { manifest, because } of found) {
      breaking.add(manifest.name);
      missing.push({ name: manifest.name, bump: breakingBump(manifest.version), because });
    }
    hasGrown = found.length > 0;
  }
  return missing;
}

const dependenciesOf = (manifest) => FIELDS.flatMap((field) => Object.keys(manifest[field] ?? {}));

/** Writes a changeset for each package that needs a higher bump; returns their descriptions. */
export function bumpDependents(root) {
  const folder = join(root, '.changeset');
  const missing = missingBumps(readPackages(root), readBumps(folder));
  for (const { name, bump, because } of missing) {
    const text = `---\n'${name}': ${bump}\n---\n\nWorks with the new version of ${because.join(', ')}, whose changes its users see.\n`;
    writeFileSync(join(folder, `dependent-${name.replace(/^@/, '').replace('/', '-')}.md`), text);
  }
  return missing;
}
