// Throughput of `augmentBatch` on one core: flip, shift 10%, rotation 15 degrees and zoom 10% on batches of
// 64 images of 32 x 32 x 3, and heap and typed-array memory before and after. Prints one JSON line.
//
//     npx turbo build --filter=@convlens/augment && node --expose-gc bench/augment.js [BATCHES] [STEPS]
import { augmentBatch, parseAugment } from '../dist/index.js';

const BATCH = 64;
const SIZE = 32 * 32 * 3;
const batches = Number(process.argv[2] ?? 2000);
const steps = parseAugment(process.argv[3] ?? 'flip,shift=0.1,rotate=15,zoom=0.1');
const pixels = Uint8Array.from({ length: BATCH * SIZE }, (_, i) => (i * 7919 + (i >> 5) * 104729) & 255);
const template = {
  kind: 'image-batch',
  name: 'bench',
  epoch: 0,
  count: BATCH,
  height: 32,
  width: 32,
  channels: 3,
  classNames: Array.from({ length: 10 }, (_, i) => String(i)),
  labels: Int32Array.from({ length: BATCH }, (_, i) => i % 10),
  pixels,
};
const batchOf = (step) => {
  const indices = new Uint32Array(BATCH);
  for (let i = 0; i < BATCH; i++) indices[i] = step * BATCH + i;
  return { ...template, step, indices };
};

const memory = () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heapKiB: Math.round(heapUsed / 1024), arraysKiB: Math.round(arrayBuffers / 1024) };
};

for (let step = 0; step < 100; step++) augmentBatch(batchOf(step), steps);
const before = memory();
const startTime = performance.now();
for (let step = 0; step < batches; step++) augmentBatch(batchOf(step), steps, { seed: 1 });
const seconds = (performance.now() - startTime) / 1000;
const after = memory();
console.log(
  JSON.stringify({
    images_per_s: Math.round((batches * BATCH) / seconds),
    batches,
    batch: BATCH,
    before,
    after,
  }),
);
