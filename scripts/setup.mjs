// Brings a checkout to a state that runs: installs with the pinned pnpm and builds what is stale.
// Needs Node and npm only; everything else is fetched by the versions that package.json and the lockfile pin.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/**
 * Builds all that is stale, or with arguments only what those packages need: `setup.mjs convlens`. With `--install-only` it builds
 * nothing.
 */
const names = process.argv.slice(2);
const filters = names.map((name) => `--filter=${name}...`);
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** Without the checksum, which corepack reads and npx does not know; npm verifies the package by that of the registry. */
const [pnpm] = packageManager.split('+');

const bin = join(root, 'node_modules', '.bin');

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    // stdout belongs to the command that follows, so that its output can be piped.
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    // turbo looks for pnpm in PATH, where the folder must stand as an absolute path.
    env: {
      CI: '1',
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
      ...process.env,
      PATH: bin + delimiter + process.env.PATH,
    },
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`setup: '${[command, ...args].join(' ')}' failed${error ? `: ${error.message}` : ''}`);
  process.exit(status ?? 1);
}

run(
  'npx',
  '-y',
  pnpm,
  'install',
  '--frozen-lockfile',
  '--prefer-offline',
  '--reporter=append-only',
  '--loglevel=warn',
);
if (names[0] !== '--install-only')
  run(join(bin, 'turbo'), 'run', 'build', ...filters, '--output-logs=errors-only', '--log-order=grouped');
