import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SimdBackend } from '../../src/backend.js';
import { setThreadsCount } from '../../src/index.js';
import { fillMemory, releaseAll } from './fill-memory.js';

const simd = () => tf.engine().findBackend('simd') as unknown as SimdBackend;

function createModel(): tf.Sequential {
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.conv2d({
        filters: 16,
        kernelSize: 3,
        padding: 'same',
        inputShape: [8, 8, 16],
        activation: 'relu',
      }),
      layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same' }),
      layers.batchNormalization(),
      layers.reLU(),
      layers.dropout({ rate: 0.2 }),
      layers.averagePooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 5, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
  return model;
}

/** Images and one-hot labels of a batch. */
const batch = (count: number): [tf.Tensor, tf.Tensor] => [
  tf.randomNormal([count, 8, 8, 16], 0, 1, 'float32', count),
  tf.tidy(() => tf.oneHot(tf.range(0, count, 1, 'int32').mod(5).toInt(), 5).toFloat()),
];

async function trainBatch(model: tf.Sequential, count: number): Promise<number> {
  const [x, y] = batch(count);
  try {
    return (await model.trainOnBatch(x, y)) as number;
  } finally {
    tf.dispose([x, y]);
  }
}

const usage = () => [tf.memory().numTensors, simd().numDataIds(), simd().threadPool.memory.bytesUsed];

/** Tests training on this many threads, for this many steps. */
export function testTraining({ threads, steps }: { threads: number; steps: number }): void {
  let model: tf.Sequential;

  beforeAll(async () => {
    await tf.setBackend('simd');
    await setThreadsCount(threads);
    model = createModel();
    await trainBatch(model, 4);
  });
  afterAll(async () => {
    model.optimizer.dispose();
    model.dispose();
    await setThreadsCount(1);
  });

  it('goes on after the memory was full at some point of a step, and leaves no tensor and no byte', async () => {
    const { memory } = simd().threadPool;
    const before = usage();
    const outcomes = { failed: 0, succeeded: 0 };
    for (let free = 64; free <= 2 ** 24; free *= 4) {
      const blocks = fillMemory(memory, [2 ** 26, 2 ** 20, 65_536, 4096, 64]);
      // Free blocks of each size, `free` bytes of each.
      const sizes = [64, 4096, 65_536, 2 ** 20].map((size) => blocks.filter(([, bytes]) => bytes === size));
      const freed = sizes.flatMap((list) => list.splice(0, Math.floor(free / list[0]?.[1])));
      const kept = blocks.filter((block) => !freed.includes(block));
      releaseAll(memory, freed);
      try {
        await trainBatch(model, 8);
        outcomes.succeeded++;
      } catch (error) {
        expect((error as Error).name).toBe('OutOfMemory');
        outcomes.failed++;
      }
      releaseAll(memory, kept);
      // A step with free memory moves values back that lay on the JavaScript heap meanwhile.
      expect(await trainBatch(model, 4)).toBeGreaterThan(0);
      expect(usage()).toEqual(before);
    }
    expect(outcomes.failed).toBeGreaterThan(3);
    expect(outcomes.succeeded).toBeGreaterThan(0);
  });

  it(`takes ${steps} steps with changing batch sizes, and leaves no tensor and no byte`, async () => {
    const before = usage();
    let loss = 0;
    for (let step = 0; step < steps; step++) loss = await trainBatch(model, 1 + ((7 * step) % 11));
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(2);
    expect(usage()).toEqual(before);
  });
}
