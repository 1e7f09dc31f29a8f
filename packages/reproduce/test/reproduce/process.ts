// Reproduces project E into the folder of its first argument. At the step of its second argument it sends the
// name of the step and blocks until it is killed.
import { folderStore } from '@convlens/storage/node';
import { setThreadsCount } from '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { planReproduction } from '../../src/plan.js';
import { reproduce } from '../../src/reproduce.js';
import { load, options } from './project-e.js';

const [folder, lastStep] = process.argv.slice(2);
const blockAt = (step: string) => {
  if (step !== lastStep) return;
  process.send!(step);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

await tf.setBackend('simd');
await setThreadsCount(1);
const plan = await planReproduction('E', { store: folderStore(folder), load });
await reproduce(plan, {
  ...options,
  onStep: (_, step) => blockAt(step),
  onTraining: (_, { kind, epoch }) => kind === 'epoch' && blockAt(`epoch ${epoch + 1}`),
});
process.exit(0);
