import { expect, it } from 'vitest';
import { threadPrograms } from '../threads/thread-programs.js';

const run = threadPrograms({ timeout: 60_000 });

it.each([
  [2, 200_000],
  [4, 100_000],
])('runs each chunk of each call exactly once: %i threads, %i calls', async (count, calls) => {
  await expect(run('calls', count, calls)).resolves.toMatchObject({ stderr: '' });
});

it.each([2, 3])(
  'reports a failed kernel, and runs a kernel again after a stack overflow: %i threads',
  async (count) => {
    await expect(run('failures', count, 3)).resolves.toMatchObject({ stderr: '' });
  },
);

it.each([2, 3])('goes on after a worker has ended while it ran a chunk: %i threads', async (count) => {
  await expect(run('lost-workers', count, 20)).resolves.toMatchObject({ stderr: '' });
});
