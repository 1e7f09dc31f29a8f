// Trains into the folder of its first argument, in a process that may be killed at any time. It sends
// 'ready', waits for a message with the number of epochs, sends 'epoch' after each, and blocks after the
// last, so that it trains no further however late it is killed.
import { folderStore } from '@convlens/storage/node';
import { setThreadsCount } from '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
// Only this module: the process is started eleven times, and loads faster without the figures.
import { trainRun } from '../../../src/run/train.js';
import { buildTestModel, description, images } from './run.js';

await tf.setBackend('simd');
// More threads do not speed up so small a model, and slow down a busy machine.
await setThreadsCount(1);
const store = folderStore(process.argv[2]);
process.send!('ready');
let remainingEpochs = await new Promise<number>((resolve) =>
  process.once('message', resolve as (epochs: unknown) => void),
);
await trainRun(description, {
  store,
  images,
  build: buildTestModel,
  resume: (await store.read('run.json')) !== undefined,
  onProgress({ kind }) {
    if (kind !== 'epoch') return;
    process.send!('epoch');
    if (--remainingEpochs === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
process.exit(0);
