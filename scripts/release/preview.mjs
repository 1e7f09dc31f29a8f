/**
 * What the next release will be, per package: its changesets, the version that follows, changed public declarations, its size, and the
 * golden numbers and figures that changed since the last release.
 *
 *   npm run release:preview
 *   npm run release:preview -- --since REF     compares with a commit in place of the last release
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { missingBumps, readBumps } from './bump-dependents.mjs';
import { readPackages } from './workspace.mjs';

const { values: options } = parseArgs({ options: { since: { type: 'string' } } });
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(); // prettier-ignore

/** Tests compare with what is in these files: a change of them is a change of numbers. */
const GOLDEN = /\/test\/.*(golden|fixtures).*\.(json|zip|bin)$/;
/** Pictures of figures. */
const FIGURES = /__snapshots__|gallery|\.svg$|\.png$/;

/** The commit of the last release of a package; without one the first commit of the repository. */
function lastRelease({ name, version }) {
  if (options.since) return options.since;
  try {
    return git('rev-list', '-n', '1', `${name}@${version}`);
  } catch {
    return git('rev-list', '--max-parents=0', 'HEAD').split('\n')[0];
  }
}

function nextVersion(version, bump) {
  const [major, minor, patch] = version.split('.').map(Number);
  if (bump === 'major') return `${major + 1}.0.0`;
  return bump === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** The size of the tarball of each package, in bytes. */
function packedSizes(packages) {
  const folder = mkdtempSync(join(tmpdir(), 'convlens-preview-'));
  try {
    const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`);
    execFileSync(join(ROOT, 'node_modules/.bin/pnpm'), ['-r', ...filters, 'pack', '--pack-destination', folder], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    return new Map(
      packages.map(({ manifest: { name, version } }) => [
        name,
        statSync(join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)).size,
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
} // prettier-ignore

/** The lines that were added to and removed from the declarations of a package. */
function changedDeclarations(since, name) {
  const short = name.replace('@convlens/', '');
  const files = git('ls-files', `docs/api/${short}.api.md`, `docs/api/${short}.*.api.md`).split('\n').filter(Boolean);
  if (files.length === 0) return [];
  return git('diff', '--unified=0', since, '--', ...files).split('\n').filter((line) => /^[+-]\s*(export|readonly|\w+[?(:])/.test(line));
} // prettier-ignore

const packages = readPackages(ROOT).filter(({ manifest }) => !manifest.private);
const bumps = readBumps(join(ROOT, '.changeset'));
const missing = new Map(missingBumps(packages, bumps).map((one) => [one.name, one]));
const sizes = packedSizes(packages);
const budgets = JSON.parse(readFileSync(join(ROOT, 'scripts/release/budgets.json'), 'utf8'));
for (const { folder, manifest } of packages) {
  const { name, version } = manifest;
  const since = lastRelease(manifest);
  const changed = git('diff', '--name-only', since, '--', folder).split('\n').filter(Boolean);
  const dependent = missing.get(name);
  const bump = dependent?.bump ?? bumps[name];
  const reason = dependent ? `, because of ${dependent.because.join(', ')}` : '';
  const declarations = changedDeclarations(since, name);
  const golden = changed.filter((file) => GOLDEN.test(file));
  const figures = changed.filter((file) => FIGURES.test(file));
  console.log(`${name} ${version} -> ${bump ? `${nextVersion(version, bump)} (${bump}${reason})` : 'no release'}`);
  console.log(`  size          ${Math.ceil(sizes.get(name) / 1000)} kB of ${budgets[name] ?? 'no budget'}`);
  console.log(`  declarations  ${declarations.length === 0 ? 'unchanged' : `${declarations.length} lines changed`}`);
  for (const line of declarations.slice(0, 20)) console.log(`    ${line}`);
  if (declarations.length > 20) console.log(`    and ${declarations.length - 20} more: git diff ${since.slice(0, 10)} -- docs/api`);
  console.log(`  golden        ${golden.length === 0 ? 'unchanged' : golden.join(', ')}`);
  console.log(`  figures       ${figures.length === 0 ? 'unchanged' : figures.join(', ')}`);
  if (!bump && changed.some((file) => /\/src\//.test(file))) console.log('  its sources changed, and no changeset names it');
} // prettier-ignore
