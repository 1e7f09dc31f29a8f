// Whether the fast convolutions of the simd backend cost accuracy: recipe A's network on the first images of CIFAR-10, with
// each way of computing convolutions, seed by seed. Adds a JSON line a run to a file and skips what is in it; at the end
// prints the mean validation accuracy of each way and the standard deviation over the seeds.
//
//     npx turbo build && node packages/pipeline/bench/convolution-methods.js DATA_DIR OUT.jsonl [IMAGES 10000] [EPOCHS 10] [SEEDS 3] [METHODS winograd,winograd-2x2,direct]
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { memoryStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { setConvolutionMethod } from '@convlens/tfjs-backend-simd';
import { loadDataset, recipes, trainRun } from '../dist/index.js';

const [dataDir, out, limit = '10000', epochs = '10', seeds = '3', names = 'winograd,winograd-2x2,direct'] =
  process.argv.slice(2);
if (!out) throw new Error('Expected DATA_DIR OUT.jsonl [IMAGES] [EPOCHS] [SEEDS] [METHODS]');
await tf.setBackend('simd');
const images = await loadDataset('cifar10', {
  split: 'train',
  limit: Number(limit),
  reader: folderStore(dataDir),
});
const read = () =>
  existsSync(out)
    ? readFileSync(out, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
const isOf = (run) => run.images === images.count && run.epochs === Number(epochs);
const methods = names.split(',');

for (let seed = 1; seed <= Number(seeds); seed++)
  for (const method of methods) {
    if (read().some((run) => isOf(run) && run.seed === seed && run.method === method)) continue;
    setConvolutionMethod(method);
    const settings = { ...recipes.A, limit: images.count, epochs: Number(epochs), seed };
    const store = memoryStore();
    await trainRun({ settings, backend: 'simd', versions: {} }, { store, images });
    const { valAccuracy, valLoss, loss } = JSON.parse(
      new TextDecoder().decode(await store.read('history.json')),
    ).at(-1);
    const run = { method, seed, images: images.count, epochs: Number(epochs), valAccuracy, valLoss, loss };
    appendFileSync(out, `${JSON.stringify(run)}\n`);
    console.log(JSON.stringify(run));
  }

for (const method of methods) {
  const found = read().filter((run) => isOf(run) && run.method === method);
  const mean = found.reduce((sum, run) => sum + run.valAccuracy, 0) / found.length;
  const squares = found.reduce((sum, run) => sum + (run.valAccuracy - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (found.length - 1));
  console.log(`${method}: ${mean.toFixed(4)} +- ${deviation.toFixed(4)} (${found.length} seeds)`);
}
process.exit();
