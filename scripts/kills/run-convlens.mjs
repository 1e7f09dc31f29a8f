/** Runs the built command line in a folder, without data sets of this machine and without the network. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../apps/cli/bin/convlens.js', import.meta.url));
const PRELOAD = new URL('preload.mjs', import.meta.url).href;

/** Resolves to the status, the signal, the standard error and the number of the process. */
export function runConvlens(folder, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', PRELOAD, PROGRAM, ...args], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, CONVLENS_OFFLINE: '1', CONVLENS_DATA_DIR: join(folder, 'none'), ...env },
    });
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    child.on('close', (status, signal) => resolve({ status, signal, stderr, pid: child.pid }));
  });
}

/** Runs the command line; rejects if it does not end with status 0. */
export async function convlens(folder, ...args) {
  const { status, stderr } = await runConvlens(folder, args);
  if (status !== 0) throw new Error(`convlens ${args.join(' ')} ended with ${status}: ${stderr}`);
}
