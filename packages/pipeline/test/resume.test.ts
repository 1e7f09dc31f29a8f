import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomAt } from '@convlens/core';
import { substore, type BlobStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { openCheckpoints } from '@convlens/training';
import { setThreadsCount } from '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRun } from '../src/run-folder.js';
import { trainRun } from '../src/train.js';
import { description, images, network } from './resume/run.js';

// Beside the tests, where every package that the program imports is found.
const folder = mkdtempSync(fileURLToPath(new URL('resume/program.tmp-', import.meta.url)));

beforeAll(async () => {
  await tf.setBackend('simd');
  await setThreadsCount(1);
  // Of live source, as the tests themselves are.
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
      ssr: fileURLToPath(new URL('resume/process.ts', import.meta.url)),
      outDir: folder,
      minify: false,
    },
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that gets ready to train. */
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
  // One that fails on its way says why.
  return { child, ended, ready: Promise.race([told(child, 'ready'), ended]) };
}

/** Waits until a process has said something so many times. */
const told = (child: ChildProcess, what: string, times = 1) =>
  new Promise<void>((resolve) => {
    if (times === 0) resolve();
    child.on('message', (message) => {
      if (message === what && --times === 0) resolve();
    });
  });

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** All that must be the same. */
async function outcome(store: BlobStore) {
  const { history } = await readRun(store);
  const checkpoint = await openCheckpoints(substore(store, 'checkpoint')).latest();
  return {
    model: Buffer.from((await store.read('model/weights.bin'))!).toString('base64'),
    checkpoint: { ...checkpoint, history: [] },
    history: history.map((record) => ({ ...record, seconds: 0 })),
  };
}

it('a run killed with SIGKILL at ten random moments and resumed each time ends with the same weights, optimizer and history', async () => {
  const random = randomAt(1, 'kill');
  const [whole, killed] = [folderStore(`${folder}/whole`), folderStore(`${folder}/killed`)];
  let next = start(`${folder}/killed`);
  for (let kill = 0; kill < 10; kill++) {
    const { child, ended, ready } = next;
    await ready;
    // Of the epochs that are seen all but the last are sure to be kept: at least six, with this seed.
    const epochs = Math.floor(4 * random());
    const seen = told(child, 'epoch', epochs);
    child.send(4);
    // The next process gets ready meanwhile; it looks at the folder only when it is told to train.
    next = start(`${folder}/killed`);
    await seen;
    await wait(60 * random());
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
  }
  const { history } = await readRun(killed);
  expect(history.length).toBeGreaterThan(3);
  expect(history.length).toBeLessThan(45);
  await next.ready;
  // More than are left.
  next.child.send(100);
  await trainRun(description, { store: whole, images, build: network });
  expect(await next.ended).toBe(0);
  expect(await outcome(killed)).toEqual(await outcome(whole));
}, 120_000);
