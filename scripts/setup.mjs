// Brings a checkout to a state that runs: installs with the pinned pnpm and builds what is stale.
// Needs Node and npm only; everything else is fetched by the versions that package.json and the lockfile pin.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

function pnpm(...args) {
  const { status, error } = spawnSync('npx', ['-y', packageManager, ...args], {
    cwd: root,
    // stdout belongs to the command that follows, so that its output can be piped.
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', CI: process.env.CI ?? '1' },
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`setup: 'pnpm ${args.join(' ')}' failed${error ? `: ${error.message}` : ''}`);
  process.exit(status ?? 1);
}

pnpm('install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only', '--loglevel=warn');
pnpm('exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--log-order=grouped');
