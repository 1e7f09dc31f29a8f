/**
 * Publishes what the changesets describe. In this order: checks the repository, builds from clean, runs the whole suite, compares the
 * public declarations, versions, builds again, packs, checks each tarball and its types, commits the versions, publishes in the order of
 * the dependencies, and tags. One that ended halfway goes on where it is started again.
 *
 *   npm run release                     publishes
 *   npm run release -- --dry-run        everything but publishing; the versions stay as they are
 *   npm run release:rehearsal           everything, against a registry on this machine
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bumpDependents } from './bump-dependents.mjs';
import { packAll, packedFaults, publishedPackages, withTemporaryFolder } from './pack.mjs';
import { expectLoopback } from './registry.mjs';

const { values: options } = parseArgs({
  options: {
    root: { type: 'string', default: fileURLToPath(new URL('../../', import.meta.url)) },
    registry: { type: 'string' },
    rehearsal: { type: 'boolean', default: false },
    /** The .npmrc of a rehearsal, in place of that of the user. */
    userconfig: { type: 'string' },
    'skip-suite': { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    provenance: { type: 'boolean', default: false },
  },
});
const ROOT = resolve(options.root);
const BIN = join(ROOT, 'node_modules/.bin');

/** A refusal that is printed without a stack. */
class Refusal extends Error {}

function run(command, args, { cwd = ROOT, env = {} } = {}) {
  const { status } = spawnSync(command, args, {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: BIN + delimiter + process.env.PATH, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...env },
  });
  if (status !== 0) throw new Refusal(`${[command, ...args].join(' ')} failed`);
} // prettier-ignore

const readJson = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });

function expectPublishable() {
  if (options.rehearsal) expectLoopback(options.registry);
  if (!readJson('package.json').repository?.url)
    throw new Refusal(
      'The field repository.url of package.json is empty: enter the address of the repository',
    );
  if (options.rehearsal && options.userconfig === undefined)
    throw new Refusal('A rehearsal has an .npmrc of its own: npm run release:rehearsal');
  if (options['skip-suite'] && !options.rehearsal && !options['dry-run'])
    throw new Refusal('The suite can be skipped in a rehearsal only');
  const changes = git('status', '--porcelain');
  if (changes !== '') throw new Refusal(`The repository has changes that are not committed:\n${changes}`);
  if (!options['dry-run'] && spawnSync('git', ['var', 'GIT_COMMITTER_IDENT'], { cwd: ROOT }).status !== 0)
    throw new Refusal('git does not know who commits the versions: set user.name and user.email');
}

function build() {
  for (const { folder } of publishedPackages(ROOT))
    rmSync(join(ROOT, folder, 'dist'), { recursive: true, force: true });
  run('turbo', ['run', 'build', '--force', '--output-logs=errors-only']);
}

function runSuite() {
  run('npm', ['run', 'check']);
  run('npm', ['run', 'test:long']);
  run('npm', ['test']);
}

/** Packs the packages into a folder; refuses if one is not packed, or its tarball has faults. */
async function packChecked(folder) {
  const { packed, refused } = packAll(publishedPackages(ROOT), { root: ROOT, folder });
  if (refused !== undefined) throw new Refusal(refused);
  const faults = await packedFaults(packed, ROOT);
  if (faults.length > 0) throw new Refusal(`The packages are not published:\n  ${faults.join('\n  ')}`);
  return packed;
}

function isPublished({ name, version }) {
  const registry = options.registry ? ['--registry', options.registry] : [];
  return (
    spawnSync('npm', ['view', `${name}@${version}`, 'version', ...registry], { cwd: tmpdir() }).status === 0
  );
}

function publish(packed) {
  for (const { manifest, tarball } of packed) {
    if (manifest.version === '0.0.0' || isPublished(manifest)) continue;
    const args = ['publish', tarball, '--access', 'public', '--ignore-scripts'];
    if (options.registry) args.push('--registry', options.registry);
    if (options.provenance) args.push('--provenance');
    // In a rehearsal no token of the user is sent, and no other registry can be meant.
    const env = options.rehearsal
      ? { npm_config_registry: options.registry, npm_config_userconfig: options.userconfig }
      : {};
    run('npm', args, { cwd: tmpdir(), env });
  }
} // prettier-ignore

/** Whether `changeset version` has written versions that are not committed. */
let hasUncommittedVersions = false;

function version() {
  hasUncommittedVersions = true;
  for (const { name, bump, because } of bumpDependents(ROOT))
    console.log(`${name}: ${bump}, because of ${because.join(', ')}`);
  run('changeset', ['version']);
}

/** Keeps the versions before anything is published: a release that ends halfway goes on with the same ones. */
function commitVersions() {
  run(process.execPath, ['scripts/release/api-report.mjs', '--write']);
  git('add', '--all');
  if (git('status', '--porcelain') !== '') git('commit', '--quiet', '--message', 'Version packages');
  hasUncommittedVersions = false;
}

async function release() {
  const steps = [
    ['check the repository', expectPublishable],
    ['build from clean', build],
    ...(options['skip-suite'] ? [] : [['run the suite', runSuite]]),
    ['compare the public declarations', () => run(process.execPath, ['scripts/release/api-report.mjs'])],
    ...(options['dry-run'] ? [] : [['version', version], ['build', build]]),
  ]; // prettier-ignore
  for (const [name, step] of steps) {
    console.log(`\n== ${name}`);
    await step();
  }
  await withTemporaryFolder('convlens-release-', async (folder) => {
    console.log('\n== pack, and check the tarballs');
    const packed = await packChecked(folder);
    if (options['dry-run']) return;
    console.log('\n== commit the versions');
    commitVersions();
    console.log('\n== publish');
    publish(packed);
    run('changeset', ['tag']);
    console.log('Published. Now: git push --follow-tags');
  });
}

try {
  await release();
} catch (error) {
  if (!(error instanceof Refusal) && !/^Expected/.test(error.message)) throw error;
  console.error(`\nNot released. ${error.message}`);
  if (hasUncommittedVersions)
    console.error('To undo the versions: git checkout . && git clean -fd .changeset packages apps');
  process.exitCode = 1;
}
