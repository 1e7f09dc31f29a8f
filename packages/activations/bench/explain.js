// Measures attribution methods on 64 images with cifar10-bn-6conv, after a warm-up round; with `--torch PYTHON`
// alternately with the same methods in PyTorch. Prints one JSON line per method: median milliseconds. `--profile`
// prints the time of each kernel.
//
//     npm run build
//     node bench/explain.js [--backend simd] [--threads 2] [--rounds 3] [--images 64] [--torch python3] [--profile]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { gradCam, guidedBackprop, integratedGradients, occlusion } from '@convlens/activations';
import { cifar10Bn6conv } from '../../tfjs-backend-simd/bench/cifar10-bn-6conv.js';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'simd' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    images: { type: 'string', default: '64' },
    torch: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});
const [rounds, count] = [values.rounds, values.images].map(Number);
if (values.backend === 'simd') {
  const { setThreadsCount } = await import('@convlens/tfjs-backend-simd');
  await tf.setBackend('simd');
  await setThreadsCount(Number(values.threads));
} else {
  if (values.backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend(values.backend);
}

/** The calls and milliseconds of each kernel in one call of a method. */
let totals = new Map();
if (values.profile) {
  let depth = 0;
  for (const kernel of tf.getKernelsForBackend(values.backend)) {
    const { kernelName } = kernel;
    tf.unregisterKernel(kernelName, values.backend);
    const kernelFunc = (call) => {
      const start = performance.now();
      depth++;
      try {
        return kernel.kernelFunc(call);
      } finally {
        if (--depth === 0) {
          // The backend simd may run kernels later than they are called.
          tf.backend().threadPool?.finish();
          const total = totals.get(kernelName) ?? { calls: 0, ms: 0 };
          total.calls++;
          total.ms += performance.now() - start;
          totals.set(kernelName, total);
        }
      }
    };
    tf.registerKernel({ ...kernel, kernelFunc });
  }
}

const model = cifar10Bn6conv(tf);
let state = 1;
const pixels = Uint8Array.from({ length: count * 32 * 32 * 3 }, () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state >>> 24;
});
const images = { name: 'noise', pixels, count, height: 32, width: 32, channels: 3, classNames: [] };
const layer = 'last-conv';
const methods = {
  'grad-cam': () => gradCam(model, images, { target: 3, layer, batchSize: 64 }),
  'guided-backprop': () => guidedBackprop(model, images, { target: 3, batchSize: 64 }),
  'integrated-gradients': () => integratedGradients(model, images, { target: 3, steps: 32, batchSize: 64 }),
  occlusion: () => occlusion(model, images, { target: 3, size: 8, stride: 4, batchSize: 64 }),
};

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const times = Object.fromEntries(Object.keys(methods).map((name) => [name, []]));
const torchTimes = Object.fromEntries(Object.keys(methods).map((name) => [name, []]));
for (let round = 0; round <= rounds; round++) {
  for (const [name, run] of Object.entries(methods)) {
    totals = new Map();
    const start = performance.now();
    await run();
    const ms = performance.now() - start;
    // The first round warms up.
    if (round > 0) times[name].push(ms);
    if (values.profile && round === rounds) {
      console.log(`\n${name}: ${ms.toFixed(0)} ms`);
      const rows = [...totals].sort(([, a], [, b]) => b.ms - a.ms).slice(0, 14);
      for (const [kernel, total] of rows)
        console.log(
          `  ${kernel.padEnd(28)}${String(total.calls).padStart(6)}${total.ms.toFixed(1).padStart(10)}`,
        );
    }
  }
  if (!values.torch || round === 0) continue;
  const script = fileURLToPath(new URL('explain_torch.py', import.meta.url));
  const { stdout, status, stderr } = spawnSync(values.torch, [script, String(count), values.threads], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  for (const [name, ms] of Object.entries(JSON.parse(stdout))) torchTimes[name].push(ms);
}
for (const name of Object.keys(methods)) {
  const ms = median(times[name]);
  const torchMs = values.torch && median(torchTimes[name]);
  console.log(
    JSON.stringify({
      method: name,
      backend: values.backend,
      images: count,
      ms: Math.round(ms),
      ...(torchMs && { torch_ms: Math.round(torchMs), ratio: +(ms / torchMs).toFixed(2) }),
    }),
  );
}
