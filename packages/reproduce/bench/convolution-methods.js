// Measures whether the fast convolutions of the simd backend reduce accuracy: trains recipe A on the first
// images of CIFAR-10 with each convolution method, seed by seed. Adds one JSON line per run to a file and
// skips runs that are in it. At the end it prints the mean validation accuracy of each method and the
// standard deviation over the seeds.
//
//     npx turbo build && node packages/reproduce/bench/convolution-methods.js \
//       DATA_DIR OUT.jsonl [IMAGES 10000] [EPOCHS 10] [SEEDS 3] [METHODS winograd,winograd-2x2,direct]
import { folderFiles } from '@convlens/image-set/node';
import { findRecipe, loadDataset, readRun, trainRun } from '@convlens/pipeline';
import { memoryStore } from '@convlens/storage';
import { setConvolutionMethod } from '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { PROJECT_RECIPES } from '../dist/index.js';
import { addResult, readResultLines } from './results-file.js';

const [dataDir, out, limit = '10000', epochs = '10', seeds = '3', names = 'winograd,winograd-2x2,direct'] =
  process.argv.slice(2);
if (!out) throw new Error('Expected DATA_DIR OUT.jsonl [IMAGES] [EPOCHS] [SEEDS] [METHODS]');
await tf.setBackend('simd');
const source = folderFiles(dataDir);
const images = await loadDataset('cifar10', { split: 'train', limit: Number(limit), source });
const { settings: recipe } = findRecipe('A', PROJECT_RECIPES);
const methods = names.split(',');

/** The finished runs with these images and epochs. */
const finishedRuns = () =>
  readResultLines(out).filter((run) => run.images === images.count && run.epochs === Number(epochs));

for (let seed = 1; seed <= Number(seeds); seed++)
  for (const method of methods) {
    if (finishedRuns().some((run) => run.seed === seed && run.method === method)) continue;
    setConvolutionMethod(method);
    const settings = { ...recipe, limit: images.count, epochs: Number(epochs), seed };
    const store = memoryStore();
    await trainRun({ settings, backend: 'simd', versions: {} }, { store, images });
    const { valAccuracy, valLoss, loss } = (await readRun(store)).history.at(-1);
    addResult(out, {
      method,
      seed,
      images: images.count,
      epochs: Number(epochs),
      valAccuracy,
      valLoss,
      loss,
    });
  }

for (const method of methods) {
  const accuracies = finishedRuns()
    .filter((run) => run.method === method)
    .map(({ valAccuracy }) => valAccuracy);
  const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length;
  const squares = accuracies.reduce((sum, accuracy) => sum + (accuracy - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (accuracies.length - 1));
  console.log(`${method}: ${mean.toFixed(4)} +- ${deviation.toFixed(4)} (${accuracies.length} seeds)`);
}
process.exit();
