import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/node.js';
import { buildWriter } from './start-writer.js';

let writer: Awaited<ReturnType<typeof buildWriter>>;
beforeAll(async () => void (writer = await buildWriter()), 60_000);
afterAll(() => writer.remove());

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'convlens-lock-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const lockFile = () => join(folder, '.convlens-lock');
const secondsAgo = async (seconds: number) => {
  const time = Date.now() / 1000 - seconds;
  await utimes(lockFile(), time, time);
};

describe('lockFolder', () => {
  it('refuses a second writer, and says who is the first', async () => {
    const lock = await lockFolder(folder, { command: 'convlens train' });
    const second = lockFolder(folder, { command: 'convlens report' });
    await expect(second).rejects.toThrow(
      `Expected a folder that nobody else writes, got ${folder}: convlens train writes it (process ${process.pid} on ` +
        `${hostname()}, since ${lock.holder.since}). Wait until it ends, or choose another folder`,
    );
    await expect(second).rejects.toMatchObject({ name: 'InputError', code: 'locked' });
    await lock.release();
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'takes over the lock of a process that %s has ended, at once',
    async (signal) => {
      const first = await writer.start(folder);
      expect(first.reply).toBe('open');
      await expect(lockFolder(folder)).rejects.toThrow('convlens test writes it');
      await first.kill(signal);
      const lock = await lockFolder(folder);
      await lock.expectHeld();
      await lock.release();
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('ends with the process, however it exits', async () => {
    const first = await writer.start(folder);
    first.child.send('exit');
    await new Promise((done) => first.child.once('close', done));
    expect(await readdir(folder)).toEqual([]);
  });

  it('gives the lock to one of eight processes that start at once, also over a stale lock', async () => {
    const first = await writer.start(folder);
    await first.kill('SIGKILL');
    const started = await Promise.all(Array.from({ length: 8 }, () => writer.start(folder)));
    expect(started.filter(({ reply }) => reply === 'open')).toHaveLength(1);
    await Promise.all(started.map(({ kill }) => kill('SIGKILL')));
  });

  it('takes the lock of another machine for stale after 60 seconds without a renewal', async () => {
    const lock = await lockFolder(folder, { host: 'node1' });
    await expect(lockFolder(folder, { host: 'node2' })).rejects.toThrow('on node1');
    await secondsAgo(55);
    await expect(lockFolder(folder, { host: 'node2' })).rejects.toThrow('on node1');
    await secondsAgo(61);
    const second = await lockFolder(folder, { host: 'node2' });
    await second.expectHeld();
    await expect(lock.expectHeld()).rejects.toThrow(`Cannot write ${folder}: convlens has taken it over`);
    await lock.release();
    await second.expectHeld();
    await second.release();
  });

  it('takes the lock of another machine at once if it has the same Slurm job and task', async () => {
    const task = (job: string, array?: string, process = '0') => ({
      SLURM_JOB_ID: job,
      SLURM_ARRAY_TASK_ID: array,
      SLURM_PROCID: process,
    });
    const lock = await lockFolder(folder, { host: 'node1', env: task('7', '3') });
    for (const other of [task('8', '3'), task('7', '4'), task('7', '3', '1'), task('7'), {}])
      await expect(lockFolder(folder, { host: 'node2', env: other })).rejects.toThrow('on node1');
    const again = await lockFolder(folder, { host: 'node2', env: task('7', '3') });
    await again.release();
    await lock.release();
  });

  it('takes parallel steps of one Slurm job for different writers', async () => {
    const step = (id: string) => ({ SLURM_JOB_ID: '7', SLURM_STEP_ID: id, SLURM_PROCID: '0' });
    const lock = await lockFolder(folder, { host: 'node1', env: step('0') });
    await expect(lockFolder(folder, { host: 'node2', env: step('1') })).rejects.toThrow(
      'Wait until it ends (if it was killed, its lock ends within a minute)',
    );
    await (await lockFolder(folder, { host: 'node2', env: step('0') })).release();
    await lock.release();
  });

  it('takes an old lock for stale where the system does not say when its process was started', async () => {
    const lock = await lockFolder(folder);
    // JSON leaves undefined fields out.
    const unknownStart = { ...lock.holder, id: randomUUID(), processStart: undefined };
    await writeFile(lockFile(), JSON.stringify(unknownStart));
    await secondsAgo(599);
    await expect(lockFolder(folder)).rejects.toThrow('nobody else writes');
    await secondsAgo(601);
    await (await lockFolder(folder)).release();
    await lock.release();
  });

  it('keeps a lock of this machine whose process exists, however old', async () => {
    const lock = await lockFolder(folder);
    await secondsAgo(10_000);
    await expect(lockFolder(folder)).rejects.toThrow('nobody else writes');
    await lock.release();
  });

  it('tells a process from an earlier one with the same number', async () => {
    const lock = await lockFolder(folder);
    const { processStart } = lock.holder;
    // Only Linux says when a process was started.
    if (processStart === undefined) return lock.release();
    await writeFile(
      lockFile(),
      JSON.stringify({ ...lock.holder, id: randomUUID(), processStart: `${Number(processStart) - 1}` }),
    );
    await (await lockFolder(folder)).release();
    await lock.release();
  });

  it('does not judge the processes of another container of this machine', async () => {
    const lock = await lockFolder(folder);
    const other = { ...lock.holder, id: randomUUID(), process: 2 ** 22 + 1, namespace: 'pid:[1]' };
    await writeFile(lockFile(), JSON.stringify(other));
    await expect(lockFolder(folder)).rejects.toThrow('process 4194305 on');
    await lock.release();
  });

  it.each(['x/../../victim', '../victim', 'x', 7])(
    'does not take the id %j of a foreign lock for a name',
    async (id) => {
      const inside = join(folder, 'run');
      await mkdir(join(inside, '.convlens-lock.claim-x'), { recursive: true });
      await writeFile(join(folder, 'victim'), 'mine');
      await writeFile(join(inside, '.convlens-lock'), JSON.stringify({ id, host: 'elsewhere' }));
      const old = Date.now() / 1000 - 100;
      for (const path of [join(folder, 'victim'), join(inside, '.convlens-lock')])
        await utimes(path, old, old);
      await (await lockFolder(inside)).release();
      expect(await readFile(join(folder, 'victim'), 'utf8')).toBe('mine');
      expect((await readdir(folder)).sort()).toEqual(['run', 'victim']);
    },
  );

  it.each([0, -1, 1.5])('takes the process %d of a foreign lock for none', async (pid) => {
    const lock = await lockFolder(folder);
    await writeFile(lockFile(), JSON.stringify({ ...lock.holder, process: pid }));
    await (await lockFolder(folder)).release();
    await lock.release();
  });

  it('refuses a lock file of another program for 60 seconds', async () => {
    await writeFile(lockFile(), 'not JSON');
    await expect(lockFolder(folder)).rejects.toThrow(
      'a program writes it (process unknown on an unknown machine)',
    );
    await secondsAgo(61);
    await (await lockFolder(folder)).release();
  });

  it('throws an InputError where the folder is a file, and after it was removed', async () => {
    await writeFile(join(folder, 'file'), '');
    const onFile = lockFolder(join(folder, 'file'));
    await expect(onFile).rejects.toThrow(`Cannot write ${join(folder, 'file')}`);
    await expect(onFile).rejects.toMatchObject({ code: 'unwritable' });
    const lock = await lockFolder(join(folder, 'a/b'));
    await rm(join(folder, 'a'), { recursive: true });
    await expect(lock.expectHeld()).rejects.toThrow(
      `Cannot write ${join(folder, 'a/b')}: it was removed meanwhile`,
    );
    await lock.release();
  });

  it('writes who holds it as JSON', async () => {
    const lock = await lockFolder(folder, { command: 'convlens run' });
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toEqual(lock.holder);
    expect(lock.holder).toMatchObject({ command: 'convlens run', process: process.pid, host: hostname() });
    await lock.release();
  });
});
