// Does source E into the folder it is given and, at the moment it is told, says so and waits for its end.
import { folderStore } from '@convlens/storage/node';
import { setThreadsCount } from '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { planReproduction } from '../../src/reproduce/plan.js';
import { reproduce } from '../../src/reproduce/reproduce.js';
import { load, options } from './source-e.js';

const [folder, moment] = process.argv.slice(2);
const pass = (now: string) => {
  if (now !== moment) return;
  process.send!(now);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

await tf.setBackend('simd');
await setThreadsCount(1);
const plan = await planReproduction('E', { store: folderStore(folder), load });
await reproduce(plan, {
  ...options,
  onStep: (_, step) => pass(step),
  onTraining: (_, { kind, epoch }) => kind === 'epoch' && pass(`epoch ${epoch + 1}`),
});
process.exit(0);
