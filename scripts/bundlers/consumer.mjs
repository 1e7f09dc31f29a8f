import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPackages } from '../release/workspace.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Packages that run in Node alone, whole. */
const NODE_PACKAGES = ['@convlens/svg-to-png'];

const run = (command, args, cwd) =>
  execFileSync(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
    // turbo and pnpm look for each other in PATH.
    env: { ...process.env, PATH: join(ROOT, 'node_modules/.bin') + delimiter + process.env.PATH },
  });

const tarballName = ({ name, version }) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

/** The public packages, and the names of the entries that run in a browser. */
export function readBrowserEntries() {
  const packages = readPackages(ROOT).filter(({ manifest }) => !manifest.private && manifest.exports);
  const inBrowser = packages.filter(({ manifest }) => !NODE_PACKAGES.includes(manifest.name));
  const entries = inBrowser.flatMap(({ manifest }) =>
    Object.keys(manifest.exports)
      .filter((entry) => entry !== './node')
      .map((entry) => manifest.name + entry.slice(1)),
  );
  return { packages, entries };
}

/**
 * Writes a page that imports every entry into an empty folder, and installs the packed packages and the bundlers there, as a user would.
 */
export function writeConsumer(folder) {
  const { packages, entries } = readBrowserEntries();
  cpSync(join(HERE, 'app'), folder, { recursive: true });
  writeFileSync(
    join(folder, 'entries.js'),
    entries.map((entry, i) => `export * as entry${i} from '${entry}';\n`).join(''),
  );
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(HERE, name), join(folder, name));
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`);
  run('pnpm', ['-r', ...filters, 'pack', '--pack-destination', tarballs], ROOT);
  const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--loglevel=error'];
  run('npm', ['ci', ...quietly], folder);
  const files = packages.map(({ manifest }) => join(tarballs, tarballName(manifest)));
  run('npm', ['install', '--no-save', ...quietly, ...files], folder);
  return entries;
}
