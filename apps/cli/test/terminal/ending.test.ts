import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PROGRAM } from '../convlens.js';

// test/long has the other endings.
it.skipIf(!existsSync('/dev/full'))(
  'output on a full disk ends with a reason',
  async () => {
    const child = spawn(process.execPath, [PROGRAM, 'list', 'methods'], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    let stderr = '';
    child.stderr!.on('data', (text) => (stderr += text));
    const [status] = await once(child, 'close');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/cannot write to stdout: .*ENOSPC/)]);
  },
  30_000,
);
