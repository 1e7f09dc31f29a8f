import { expect, it } from 'vitest';
import { threadPrograms } from './thread-programs.js';

// test/long has more calls, failures and workers.
const run = threadPrograms({ timeout: 25_000 });

it('runs each chunk of each call exactly once: 3 threads, 10000 calls', async () => {
  await expect(run('calls', 3, 10_000)).resolves.toMatchObject({ stderr: '' });
});

it('reports a failed kernel, and runs a kernel again after a stack overflow', async () => {
  await expect(run('failures', 2, 1)).resolves.toMatchObject({ stderr: '' });
});

it('goes on after a worker has ended while it ran a chunk', async () => {
  await expect(run('lost-workers', 2, 4)).resolves.toMatchObject({ stderr: '' });
});
