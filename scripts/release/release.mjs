/**
 * Publishes what the changesets describe. In this order: checks the repository, builds from clean, runs the whole suite, compares the
 * public declarations, versions, builds again, packs, checks each tarball and its types, publishes in the order of the dependencies.
 *
 *   npm run release                     publishes
 *   npm run release -- --dry-run        everything but publishing; the versions stay as they are
 *   npm run release:rehearsal           everything, against a registry on this machine
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bumpDependents } from './bump-dependents.mjs';
import { checkTarball } from './check-tarball.mjs';
import { checkTypes } from './check-types.mjs';
import { expectLoopback } from './registry.mjs';
import { readPackages } from './workspace.mjs';

const { values: options } = parseArgs({
  options: {
    root: { type: 'string', default: fileURLToPath(new URL('../../', import.meta.url)) },
    registry: { type: 'string' },
    rehearsal: { type: 'boolean', default: false },
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
const publicPackages = () => readPackages(ROOT).filter(({ manifest }) => !manifest.private);

function expectPublishable() {
  if (options.rehearsal) expectLoopback(options.registry);
  if (!readJson('package.json').repository?.url)
    throw new Refusal(
      'The field repository.url of package.json is empty: enter the address of the repository',
    );
  if (options['skip-suite'] && !options.rehearsal && !options['dry-run'])
    throw new Refusal('The suite can be skipped in a rehearsal only');
  const changes = execFileSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' });
  if (changes !== '') throw new Refusal(`The repository has changes that are not committed:\n${changes}`);
}

function build() {
  for (const { folder } of publicPackages())
    rmSync(join(ROOT, folder, 'dist'), { recursive: true, force: true });
  run('turbo', ['run', 'build', '--force', '--output-logs=errors-only']);
}

function runSuite() {
  run('npm', ['run', 'check']);
  run('npm', ['run', 'test:long']);
  run('npm', ['test']);
}

/** Each package comes after those that it depends on. */
function inOrder(packages) {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const ordered = new Set();
  const visit = (one) => {
    const { dependencies, peerDependencies } = one.manifest;
    for (const name of Object.keys({ ...dependencies, ...peerDependencies }))
      if (byName.has(name)) visit(byName.get(name));
    ordered.add(one);
  };
  packages.forEach(visit);
  return [...ordered];
}

const tarballName = ({ name, version }) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

function packAll(folder) {
  const filters = publicPackages().map(({ manifest }) => `--filter=${manifest.name}`);
  run('pnpm', ['-r', ...filters, 'pack', '--pack-destination', folder]);
  return inOrder(publicPackages()).map(({ manifest }) => ({
    manifest,
    tarball: join(folder, tarballName(manifest)),
  }));
}

async function checkTarballs(packed) {
  const budgets = readJson('scripts/release/budgets.json');
  const repositoryUrl = readJson('package.json').repository.url;
  const faults = [];
  for (const { manifest, tarball } of packed)
    for (const fault of await checkTarball(tarball, { budget: budgets[manifest.name], repositoryUrl }))
      faults.push(`${manifest.name} ${fault}`);
  faults.push(...checkTypes(packed));
  if (faults.length > 0) throw new Refusal(`The packages are not published:\n  ${faults.join('\n  ')}`);
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
      ? { npm_config_registry: options.registry, npm_config_userconfig: join(options.root, 'scripts/release/rehearsal.npmrc') }
      : {};
    run('npm', args, { cwd: tmpdir(), env });
  }
} // prettier-ignore

function version() {
  for (const { name, bump, because } of bumpDependents(ROOT))
    console.log(`${name}: ${bump}, because of ${because.join(', ')}`);
  run('changeset', ['version']);
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
  const folder = mkdtempSync(join(tmpdir(), 'convlens-release-'));
  try {
    console.log('\n== pack, and check the tarballs');
    const packed = packAll(folder);
    await checkTarballs(packed);
    if (options['dry-run']) return;
    console.log('\n== publish');
    publish(packed);
    if (!options.rehearsal) {
      run('git', ['commit', '--all', '--message', 'Version packages']);
      run('changeset', ['tag']);
      console.log('Published. Now: git push --follow-tags');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  await release();
} catch (error) {
  if (!(error instanceof Refusal) && !/^Expected/.test(error.message)) throw error;
  console.error(`\nNot released. ${error.message}`);
  process.exitCode = 1;
}
