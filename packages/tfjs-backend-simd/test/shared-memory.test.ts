import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.js';
import { setGuards } from '../src/index.js';
import { sizeClass, SharedMemory } from '../src/shared-memory.js';
import { fillMemory, releaseAll } from './support/fill-memory.js';

const MIB = 2 ** 20;

describe('a size class', () => {
  it.each([
    [0, 64],
    [1, 64],
    [64, 64],
    [65, 128],
    [256, 256],
    [257, 320],
    [449, 512],
    [513, 640],
    [1025, 1280],
    [1281, 1536],
    [1793, 2048],
    [MIB, MIB],
    [MIB + 1, 1.25 * MIB],
    [1.75 * MIB + 1, 2 * MIB],
  ])('of %i bytes has %i: four classes per power of two, multiples of 64', (bytes, size) => {
    expect(sizeClass(bytes)).toBe(size);
  });
});

describe('the shared memory', () => {
  // These tests count bytes, and guards take some.
  beforeAll(() => setGuards(false));

  it('coalesces freed small blocks for a large one', () => {
    const memory = new SharedMemory();
    const blocks = fillMemory(memory, [MIB]);
    expect(blocks.length).toBeGreaterThan(2000);
    expect(() => memory.allocate(64 * MIB)).toThrow(
      /no room for 67108864 bytes: tensors use \d+ of 2147483648 bytes/,
    );
    releaseAll(memory, blocks);
    expect(memory.bytesUsed).toBe(0);
    expect(memory.allocate(1024 * MIB)).toBeGreaterThan(0);
  });

  it('joins a freed block at the end with the room behind it', () => {
    const memory = new SharedMemory();
    memory.allocate(1024 * MIB);
    memory.release(memory.allocate(512 * MIB), 512 * MIB);
    expect(memory.allocate(640 * MIB)).toBeGreaterThan(0);
  });

  it('allocates no byte twice after blocks were coalesced and split', () => {
    const memory = new SharedMemory();
    const blocks = fillMemory(memory, [4 * MIB]);
    // Every third block stays allocated.
    const kept = blocks.filter((_, i) => i % 3 === 0);
    releaseAll(
      memory,
      blocks.filter((_, i) => i % 3 !== 0),
    );
    const all = [...kept, ...fillMemory(memory, [7 * MIB, 3 * MIB, 65_536])].sort((a, b) => a[0] - b[0]);
    expect(all.length).toBeGreaterThan(kept.length + 300);
    for (let i = 1; i < all.length; i++) expect(all[i - 1][0] + all[i - 1][1]).toBeLessThanOrEqual(all[i][0]);
  });
});

describe('backend simd with a full memory', () => {
  let backend: SimdBackend;

  beforeAll(async () => {
    await tf.setBackend('simd');
    backend = tf.backend() as unknown as SimdBackend;
  });
  afterAll(() => tf.setBackend('cpu'));

  it('releases everything that a failed kernel has allocated, and computes again once memory is free', () => {
    const { memory } = backend.threadPool;
    const x = tf.randomNormal([2, 8, 8, 16], 0, 1, 'float32', 1) as tf.Tensor4D;
    const filter = tf.randomNormal([3, 3, 16, 16], 0, 1, 'float32', 2) as tf.Tensor4D;
    const convolve = () => tf.tidy(() => tf.conv2d(x, filter, 1, 'same').dataSync());
    const expected = convolve();
    const used = memory.bytesUsed;
    // Leaves memory for the result, but none for the scratch memory of the kernel.
    const blocks = fillMemory(memory, [64 * MIB, MIB, 65_536, 4096, 64]);
    const index = blocks.findIndex(([, bytes]) => bytes === 65_536);
    const [freed] = blocks.splice(index, 1);
    memory.release(...freed);
    const full = memory.bytesUsed;
    const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers, backend.numDataIds()];
    const before = counts();
    for (let i = 0; i < 3; i++) expect(convolve).toThrow(/no room/);
    expect(memory.bytesUsed).toBe(full);
    expect(counts()).toEqual(before);
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 };
    const run = () => tf.engine().runKernel('SimdConv2D', { x, filter }, attributes);
    for (let i = 0; i < 3; i++) expect(run).toThrow(/no room/);
    expect(memory.bytesUsed).toBe(full);
    expect(counts()).toEqual(before);
    releaseAll(memory, blocks);
    expect(memory.bytesUsed).toBe(used);
    expect(convolve()).toEqual(expected);
    tf.dispose([x, filter]);
  });

  it('falls back to the kernels of the cpu backend, on the JavaScript heap', () => {
    const { memory } = backend.threadPool;
    const blocks = fillMemory(memory, [64 * MIB, MIB, 65_536, 4096, 64]);
    const y = tf.tidy(() => tf.relu(tf.sub(tf.ones([5000]), 0.25)).dataSync());
    expect([y.length, y[0], y[4999]]).toEqual([5000, 0.75, 0.75]);
    releaseAll(memory, blocks);
  });
});
