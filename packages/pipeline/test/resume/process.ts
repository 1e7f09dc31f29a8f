// Trains into the folder it is given, in a process that may be killed at any moment. It says when it is ready, waits to be
// told how many epochs at most, says when each is over, and after the last of them waits for its end: where the other side
// is slow to kill it, it does not get further than that.
import { folderStore } from '@convlens/storage/node';
import { setThreadsCount } from '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
// Not the whole package: a process that is started eleven times starts quicker without figures.
import { trainRun } from '../../src/train.js';
import { description, images, network } from './run.js';

await tf.setBackend('simd');
// So small a network gains nothing from more, and a busy machine loses much.
await setThreadsCount(1);
const store = folderStore(process.argv[2]);
process.send!('ready');
let left = await new Promise<number>((resolve) =>
  process.once('message', resolve as (most: unknown) => void),
);
await trainRun(description, {
  store,
  images,
  build: network,
  resume: (await store.read('run.json')) !== undefined,
  onProgress({ kind }) {
    if (kind !== 'epoch') return;
    process.send!('epoch');
    if (--left === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
process.exit(0);
