// The speed of each kernel: `node bench/kernels.js [THREADS] [PART OF A NAME]`. Prints a table: milliseconds
// (the median of several runs), and GB/s of tensors read and written or GFLOP/s.
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const [threads = '1', part = ''] = process.argv.slice(2);

/** Loads the package from source, so that only the kernels have to be built before. */
async function load() {
  const folder = await mkdtemp(join(here, '..', 'node_modules', '.bench-'));
  try {
    const outfile = join(folder, 'simd.cjs');
    const contents = `export * as tf from '@tensorflow/tfjs'; export * from '../src/index.ts';`;
    await esbuild.build({
      stdin: { contents, resolveDir: here, loader: 'ts' },
      ...{ bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' },
      external: ['@tensorflow/tfjs'],
    });
    return createRequire(import.meta.url)(outfile);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const { tf, setConvolutionMethod, setThreadsCount } = await load();
await tf.setBackend('simd');
await setThreadsCount(Number(threads));
while (tf.backend().threadPool.readyCount < Number(threads))
  await new Promise((resolve) => setTimeout(resolve, 5));

const random = (...shape) => tf.randomUniform(shape, -1, 1, 'float32', 1);

/** The median milliseconds per run, after a warm-up in which V8 optimizes the code. */
function time(work) {
  const times = [];
  const start = performance.now();
  for (let now = start; times.length < 3 || now < start + 400;) {
    const begin = now;
    tf.tidy(() => void work());
    // Kernels run asynchronously.
    tf.backend().threadPool.finish();
    now = performance.now();
    if (begin > start + 200) times.push(now - begin);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

const rows = [];
function measure(name, work, { values = 0, flops = 0 }) {
  if (!name.includes(part)) return;
  const ms = time(work);
  rows.push({
    kernel: name,
    ms: ms.toFixed(3),
    'GB/s': values ? ((4e-6 * values) / ms).toFixed(1) : '',
    'GFLOP/s': flops ? ((1e-6 * flops) / ms).toFixed(1) : '',
  });
}

const x = random(64, 32, 32, 32);
const other = random(64, 32, 32, 32);
const channels = random(32);
const size = x.size;
for (const name of ['relu', 'square', 'sqrt', 'exp', 'log', 'sigmoid', 'tanh', 'elu'])
  measure(name, () => tf[name](x), { values: 2 * size });
for (const name of ['add', 'mul', 'div', 'maximum'])
  measure(name, () => tf[name](x, other), { values: 3 * size });
measure('add a scalar', () => tf.add(x, 1), { values: 2 * size });
measure('add a vector of channels', () => tf.add(x, channels), { values: 2 * size });
measure('add a value per pixel', () => tf.add(x, random(64, 32, 32, 1)), { values: 2 * size });
measure('greater', () => tf.greater(x, 0), { values: 1.25 * size });
const condition = tf.greater(x, 0);
measure('where', () => tf.where(condition, x, other), { values: 3.25 * size });
measure('cast bool', () => tf.cast(condition, 'float32'), { values: 1.25 * size });
for (const axes of [[0, 1, 2], [3], [1, 2], undefined])
  for (const name of ['sum', 'mean', 'max'])
    measure(`${name} over ${axes ?? 'all'}`, () => tf[name](x, axes), { values: size });
const logits = random(65536, 10);
measure('softmax 65536x10', () => tf.softmax(logits), { values: 2 * logits.size });
const wide = random(1024, 1000);
measure('softmax 1024x1000', () => tf.softmax(wide), { values: 2 * wide.size });

for (const [m, k, n] of [
  [64, 2048, 256],
  [64, 256, 10],
  [256, 2048, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
]) {
  const a = random(m, k);
  const b = random(k, n);
  const dy = random(m, n);
  const bias = random(n);
  const flops = 2 * m * k * n;
  measure(`matmul ${m}x${k}x${n}`, () => tf.matMul(a, b), { flops });
  measure(`dense ${m}x${k}x${n}`, () => tf.fused.matMul({ a, b, bias, activation: 'relu' }), { flops });
  measure(`matmul ${m}x${k}x${n}, gradient of a`, () => tf.matMul(dy, b, false, true), { flops });
  measure(`matmul ${m}x${k}x${n}, gradient of b`, () => tf.matMul(a, dy, true, false), { flops });
}
const convolutions = [
  [32, 3, 32],
  [32, 32, 32],
  [16, 64, 64],
  [8, 128, 128],
];
for (const method of ['winograd', 'winograd-2x2', 'direct'])
  for (const [side, from, to] of convolutions) {
    setConvolutionMethod(method);
    const images = random(64, side, side, from);
    const filter = random(3, 3, from, to);
    const dy = random(64, side, side, to);
    const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC' };
    const run = (kernel, inputs, attributes = {}) =>
      tf.engine().runKernel(kernel, inputs, { ...attrs, ...attributes });
    const flops = 2 * 9 * from * to * 64 * side * side;
    const name = `${method} ${side}x${side} ${from}->${to}`;
    measure(name, () => tf.reshape(run('Conv2D', { x: images, filter }), [-1]).slice([0], [1]), { flops });
    if (from > 4)
      measure(
        `${name}, input gradient`,
        () => run('Conv2DBackpropInput', { dy, filter }, { inputShape: images.shape }),
        { flops },
      );
    measure(
      `${name}, filter gradient`,
      () => run('Conv2DBackpropFilter', { x: images, dy }, { filterShape: filter.shape }),
      { flops },
    );
  }
setConvolutionMethod('winograd');
{
  const filter = random(3, 3, 32, 1);
  const attrs = { strides: 1, pad: 'same', dilations: 1 };
  const run = (kernel, inputs, attributes) =>
    tf.engine().runKernel(kernel, inputs, { ...attrs, ...attributes });
  const flops = 2 * 9 * size;
  measure('depthwise 3x3', () => tf.depthwiseConv2d(x, filter, 1, 'same'), { flops });
  measure(
    'depthwise 3x3, input gradient',
    () => run('DepthwiseConv2dNativeBackpropInput', { dy: other, filter }, { inputShape: x.shape }),
    { flops },
  );
  measure(
    'depthwise 3x3, filter gradient',
    () => run('DepthwiseConv2dNativeBackpropFilter', { x, dy: other }, { filterShape: filter.shape }),
    { flops },
  );
}
for (const [name, window, strides] of [
  ['2x2', 2, 2],
  ['3x3 at stride 1', 3, 1],
  ['3x3 at stride 2', 3, 2],
])
  for (const pool of ['maxPool', 'avgPool']) {
    const y = tf[pool](x, window, strides, 'same');
    measure(`${pool} ${name}`, () => tf[pool](x, window, strides, 'same'), { values: size + y.size });
    const dy = random(...y.shape);
    const attrs = { filterSize: window, strides, pad: 'same' };
    const kernel = pool === 'maxPool' ? 'MaxPoolGrad' : 'AvgPoolGrad';
    const inputs = { dy, input: x, output: y };
    const values = (pool === 'maxPool' ? 2 : 1) * size + y.size;
    measure(`${kernel} ${name}`, () => tf.engine().runKernel(kernel, inputs, attrs), { values });
  }

const matrix = random(2048, 1024);
measure('transpose 2048x1024', () => tf.transpose(matrix), { values: 2 * matrix.size });
for (const perm of [
  [0, 3, 1, 2],
  [0, 2, 1, 3],
  [3, 1, 2, 0],
])
  measure(`transpose ${perm}`, () => tf.transpose(x, perm), { values: 2 * size });
measure(
  'pad by one pixel',
  () =>
    tf.pad(x, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]),
  { values: 2 * size },
);
measure('slice rows', () => tf.slice(x, [0, 1, 1, 0], [-1, 30, 30, -1]), { values: 2 * size });
measure('concat channels', () => tf.concat([x, other], 3), { values: 4 * size });
measure('tile channels', () => tf.tile(channels, [65536]), { values: size });
measure('zerosLike', () => tf.zerosLike(x), { values: size });
const order = tf.tensor1d([...Array(64).keys()].reverse(), 'int32');
measure('gather images', () => tf.gather(x, order), { values: 2 * size });
console.table(rows);
process.exit(0);
