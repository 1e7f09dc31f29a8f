// Measures feature visualization of all 64 filters of relu2_2 of cifar10-bn-6conv in one batch, by gradient ascent
// with jitter; with `--torch PYTHON` alternately with the same in PyTorch. Prints one JSON line per round: seconds, and
// their ratio.
//
//     npm run build
//     node bench/visualize-features.js [--steps 200] [--rounds 3] [--threads 2] [--torch python3]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount } from '@convlens/tfjs-backend-simd';
import { cifar10Bn6conv } from '@convlens/models';
import { visualizeFeatures } from '../dist/index.js';

const { values: flags } = parseArgs({
  options: {
    steps: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    torch: { type: 'string' },
  },
});
await tf.setBackend('simd');
setThreadsCount(Number(flags.threads));
const model = cifar10Bn6conv({ seed: 1 });
const objectives = Array.from({ length: 64 }, (_, channel) => ({
  kind: 'channel',
  layer: 'relu2_2',
  channel,
}));
const transformations = [{ kind: 'jitter', pixels: 1 }];
const visualize = (steps) => visualizeFeatures(model, objectives, { steps, transformations });

const torchScript = fileURLToPath(new URL('visualize_features_torch.py', import.meta.url));
await visualize(3);
for (let round = 0; round < Number(flags.rounds); round++) {
  const start = performance.now();
  await visualize(Number(flags.steps));
  const seconds = (performance.now() - start) / 1000;
  let torch;
  if (flags.torch) {
    const run = spawnSync(flags.torch, [torchScript, flags.steps, flags.threads], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    torch = Number(run.stdout);
  }
  console.log(JSON.stringify({ seconds, torch, ratio: torch && seconds / torch }));
}
