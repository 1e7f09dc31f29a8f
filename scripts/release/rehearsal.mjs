/**
 * Rehearses a release: clones the last commit, releases the clone to an empty registry on this machine, installs each package alone from
 * there into an empty folder, runs the lines of uses/ with it, and every command of convlens.
 *
 *   npm run release:rehearsal
 *   npm run release:rehearsal -- --skip-suite            without the tests
 *   npm run release:rehearsal -- --registry ADDRESS      to a registry that runs already; one that is not on this machine is refused
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { expectLoopback, publisherConfig, startRegistry } from './registry.mjs';
import { useConvlens } from './use-convlens.mjs';
import { readPackages } from './workspace.mjs';

const { values: options } = parseArgs({
  options: {
    registry: { type: 'string' },
    'skip-suite': { type: 'boolean', default: false },
    /** The address of the repository in place of an empty field. */
    repository: { type: 'string', default: 'https://example.org/convlens.git' },
  },
});
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const USES = fileURLToPath(new URL('uses/', import.meta.url));

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const git = (cwd, ...args) => execFileSync('git', args, { cwd, encoding: 'utf8' });

/** A clone of the last commit, with an address of the repository. */
function cloneRepository(folder) {
  git(ROOT, 'clone', '--quiet', '--no-hardlinks', ROOT, folder);
  git(folder, 'config', 'user.name', 'rehearsal');
  git(folder, 'config', 'user.email', 'rehearsal@example.org');
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  if (manifest.repository.url || options.repository === '') return;
  manifest.repository.url = options.repository;
  writeFileSync(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  git(folder, 'commit', '--quiet', '--all', '--message', 'Address of the repository for the rehearsal');
  console.log(`The field repository.url is empty: the rehearsal uses ${options.repository}`);
}

function run(command, args, cwd, env = {}) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32', env: { ...process.env, ...env } });
  return status === 0;
} // prettier-ignore

/** The error that ended a program, without the code before it. */
const messageOf = (stderr) => stderr.slice(Math.max(0, stderr.search(/^\S*Error\b/m))).slice(0, 800);

/** Installs one package from the registry into an empty folder and runs its lines; returns what is wrong. */
function useAlone({ name, version }, { registry, folder }) {
  const short = name.replace('@convlens/', '');
  const consumer = join(folder, short);
  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }');
  copyFileSync(join(USES, `${short}.mjs`), join(consumer, 'use.mjs'));
  const install = ['install', `${name}@${version}`, '--registry', registry, '--no-audit', '--no-fund', '--omit=optional', '--cache', join(folder, '.npm')];
  const installed = spawnSync('npm', install, { cwd: consumer, encoding: 'utf8', shell: process.platform === 'win32' });
  if (installed.status !== 0) return `cannot be installed: ${installed.stderr.slice(-600)}`;
  const used = spawnSync(process.execPath, ['use.mjs'], { cwd: consumer, encoding: 'utf8', timeout: 300_000 });
  return used.status === 0 ? undefined : `fails: ${messageOf(used.stderr)}`;
} // prettier-ignore

async function rehearse() {
  if (options.registry !== undefined) expectLoopback(options.registry);
  const folder = mkdtempSync(join(tmpdir(), 'convlens-rehearsal-'));
  const clone = join(folder, 'clone');
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const started = options.registry === undefined ? await startRegistry(upstream) : undefined;
  const registry = started?.address ?? options.registry;
  try {
    cloneRepository(clone);
    if (!run(process.execPath, ['scripts/setup.mjs', '--install-only'], clone)) return false;
    const script = join(clone, 'scripts/release/release.mjs');
    const tools = join(clone, 'scripts/release');
    if (!run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], tools))
      return false;
    const userconfig = join(folder, 'npmrc');
    writeFileSync(userconfig, await publisherConfig(registry));
    const flags = [
      '--rehearsal',
      '--registry',
      registry,
      '--userconfig',
      userconfig,
      ...(options['skip-suite'] ? ['--skip-suite'] : []),
    ];
    if (!run(process.execPath, [script, ...flags], clone)) return false;
    console.log('\n== install each package alone, and use it');
    const faults = [];
    for (const { manifest } of readPackages(clone).filter(({ manifest }) => !manifest.private)) {
      const fault = useAlone(manifest, { registry, folder });
      console.log(`${manifest.name} ${manifest.version}: ${fault ?? 'works'}`);
      if (fault) faults.push(manifest.name);
    }
    console.log('\n== run every command of convlens, installed from its tarball');
    const { version } = readJson(join(clone, 'apps/cli/package.json'));
    const tfjs = readJson(join(clone, 'node_modules/@tensorflow/tfjs/package.json')).version;
    for (const fault of useConvlens({ version, tfjs }, { registry, folder })) {
      console.log(fault);
      faults.push('convlens');
    }
    console.log(faults.length === 0 ? '\nThe rehearsal went well.' : `\nNot ready: ${faults.join(', ')}`);
    return faults.length === 0;
  } finally {
    await started?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = (await rehearse()) ? 0 : 1;
} catch (error) {
  if (!/^Expected/.test(error.message)) throw error;
  console.error(`Not rehearsed. ${error.message}`);
  process.exitCode = 1;
}
