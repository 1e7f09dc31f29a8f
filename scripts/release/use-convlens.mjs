import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandFaults } from './convlens-commands.mjs';
import { installedSize } from './installed-size.mjs';

const README = fileURLToPath(new URL('../../apps/cli/README.md', import.meta.url));

/** Differences from what the README says that need no new text: files of dependencies differ from system to system. */
const TOLERANCE = { megabytes: 8, packages: 3 };

const npm = (cwd, ...args) =>
  spawnSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });

function emptyFolder(folder, name) {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), '{ "private": true, "type": "module" }');
  return path;
}

/**
 * Installs convlens from its tarball into empty folders, with and without optional packages, runs every command there, and compares the
 * installed size with what the README says.
 *
 * @returns what is wrong, in sentences
 */
export function useConvlens({ version, tfjs }, { registry, folder }) {
  const common = ['--registry', registry, '--no-audit', '--no-fund', '--cache', join(folder, '.npm')];
  const alone = emptyFolder(folder, 'tfjs');
  if (npm(alone, 'install', `@tensorflow/tfjs@${tfjs}`, ...common).status !== 0) return ['@tensorflow/tfjs cannot be installed'];
  const sizes = { '@tensorflow/tfjs alone': installedSize(alone) };
  const faults = [];
  for (const flags of [[], ['--omit=optional']]) {
    const label = ['convlens', ...flags].join(' ');
    const consumer = emptyFolder(folder, label.replaceAll(/\W+/g, '-') + '-tarball');
    npm(consumer, 'pack', `convlens@${version}`, '--silent', ...common);
    const tarball = readdirSync(consumer).find((name) => name.endsWith('.tgz'));
    const installed = npm(consumer, 'install', `./${tarball}`, ...flags, ...common);
    if (installed.status !== 0) return [`${label} cannot be installed: ${installed.stderr.slice(-600)}`];
    sizes[label] = installedSize(consumer);
    const onCommand = (text) => console.log(`  ${text}`);
    console.log(`${label}, from its tarball:`);
    faults.push(...commandFaults(consumer, { onCommand }).map((fault) => `${label}: ${fault}`));
  }
  for (const [label, { count, megabytes, largest }] of Object.entries(sizes))
    console.log(`${label}: ${count} packages, ${megabytes} MB (${largest.slice(0, 8).map((one) => `${one.name} ${one.megabytes}`).join(', ')})`);
  return [...faults, ...readmeFaults(sizes)];
} // prettier-ignore

/** Compares measured sizes with the sentence of the README about them. */
function readmeFaults({ convlens, '@tensorflow/tfjs alone': alone }) {
  const pattern = /(\d+) packages with (\d+) MB, of which `@tensorflow\/tfjs` alone needs (\d+) and (\d+) MB/;
  const [, ...stated] = pattern.exec(readFileSync(README, 'utf8').replaceAll(/\s+/g, ' ')) ?? [];
  const measured = [convlens.count, convlens.megabytes, alone.count, alone.megabytes];
  const isNear = measured.every((value, i) => Math.abs(value - stated[i]) <= (i % 2 ? TOLERANCE.megabytes : TOLERANCE.packages));
  return isNear ? [] : [`apps/cli/README.md states the installed size as ${stated.join(', ') || 'nothing'}, measured ${measured.join(', ')}`];
} // prettier-ignore
