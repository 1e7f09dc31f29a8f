import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomAt } from '@convlens/core';
import { substore, type BlobStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { setThreadsCount } from '@convlens/tfjs-backend-simd';
import { openCheckpoints } from '@convlens/training';
import * as tf from '@tensorflow/tfjs';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRun } from '../../src/run/run-folder.js';
import { trainRun } from '../../src/run/train.js';
import { buildTestModel, description, images } from '../run/resume/run.js';

// Beside the tests, where the imports of the program resolve.
const folder = mkdtempSync(fileURLToPath(new URL('../run/resume/program.tmp-', import.meta.url)));

beforeAll(async () => {
  await tf.setBackend('simd');
  await setThreadsCount(1);
  // From source, like the tests.
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@convlens/source', 'node'] },
    ssr: {
      resolve: { conditions: ['@convlens/source', 'node'] },
      noExternal: [/^@convlens\//],
      external: ['@tensorflow/tfjs'],
    },
    build: {
      ssr: fileURLToPath(new URL('../run/resume/process.ts', import.meta.url)),
      outDir: folder,
      minify: false,
    },
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts a process that loads everything and then waits for a message to train. */
function start(run: string) {
  const child = fork(`${folder}/process.js`, [run], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let failure = '';
  child.stderr!.on('data', (text) => (failure += text));
  const ended = new Promise<NodeJS.Signals | number | null>((resolve, reject) =>
    child.once('close', (status, signal) =>
      signal || status === 0 ? resolve(signal ?? status) : reject(new Error(failure)),
    ),
  );
  // A process that fails rejects with its stderr.
  return { child, ended, ready: Promise.race([received(child, 'ready'), ended]) };
}

/** Waits until a process has sent a message a number of times. */
const received = (child: ChildProcess, expected: string, times = 1) =>
  new Promise<void>((resolve) => {
    if (times === 0) resolve();
    child.on('message', (message) => {
      if (message === expected && --times === 0) resolve();
    });
  });

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Everything that must be the same: all but the seconds. */
async function outcome(store: BlobStore) {
  const { history } = await readRun(store);
  const checkpoint = await openCheckpoints(substore(store, 'checkpoint')).latest();
  return {
    model: Buffer.from((await store.read('model/weights.bin'))!).toString('base64'),
    checkpoint: { ...checkpoint, history: [] },
    history: history.map((record) => ({ ...record, seconds: 0 })),
  };
}

it('a run that is killed at ten random moments ends with the same weights, optimizer and history', async () => {
  const random = randomAt(1, 'kill');
  const [whole, killed] = [folderStore(`${folder}/whole`), folderStore(`${folder}/killed`)];
  let next = start(`${folder}/killed`);
  for (let kill = 0; kill < 10; kill++) {
    const { child, ended, ready } = next;
    await ready;
    // All but the last of the reported epochs are sure to be saved: with this seed at least six in total.
    const epochs = Math.floor(4 * random());
    const epochsReported = received(child, 'epoch', epochs);
    child.send(4);
    // The next process loads meanwhile; it reads the folder only after the message to train.
    next = start(`${folder}/killed`);
    await epochsReported;
    await wait(60 * random());
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
  }
  const { history } = await readRun(killed);
  expect(history.length).toBeGreaterThan(3);
  expect(history.length).toBeLessThan(45);
  await next.ready;
  // More epochs than remain.
  next.child.send(100);
  await trainRun(description, { store: whole, images, build: buildTestModel });
  expect(await next.ended).toBe(0);
  expect(await outcome(killed)).toEqual(await outcome(whole));
}, 120_000);
