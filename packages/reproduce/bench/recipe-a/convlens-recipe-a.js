// Trains recipe A on the first images of CIFAR-10, seed by seed. Adds one JSON line per seed to a file and
// skips seeds that are in it. keras_recipe_a.py does the same with Keras; compare.js compares the two files.
//
//     npx turbo build && node packages/reproduce/bench/recipe-a/convlens-recipe-a.js \
//       DATA_DIR OUT.jsonl [IMAGES 10000] [EPOCHS 5] [SEEDS 10]
import { findRecipe, loadDataset, readRun, trainRun } from '@convlens/pipeline';
import { folderFiles } from '@convlens/image-set/node';
import { memoryStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { PROJECT_RECIPES } from '../../dist/index.js';
import { addResult, readResultLines } from '../results-file.js';

const [dataDir, out, limit = '10000', epochs = '5', seeds = '10'] = process.argv.slice(2);
if (!out) throw new Error('Expected DATA_DIR OUT.jsonl [IMAGES] [EPOCHS] [SEEDS]');
await tf.setBackend('simd');
const source = folderFiles(dataDir);
const images = await loadDataset('cifar10', { split: 'train', limit: Number(limit), source });
const { settings: recipe } = findRecipe('A', PROJECT_RECIPES);
const finished = readResultLines(out).filter(
  (result) => result.images === images.count && result.epochs === Number(epochs),
);

for (let seed = 1; seed <= Number(seeds); seed++) {
  if (finished.some((result) => result.seed === seed)) continue;
  const settings = { ...recipe, limit: images.count, epochs: Number(epochs), seed };
  const store = memoryStore();
  await trainRun({ settings, backend: 'simd', versions: {} }, { store, images });
  const { history } = await readRun(store);
  const { valAccuracy, valLoss, accuracy, loss } = history.at(-1);
  const seconds = Math.round(history.reduce((sum, record) => sum + record.seconds, 0));
  const run = { framework: 'convlens', seed, images: images.count, epochs: history.length };
  addResult(out, { ...run, valAccuracy, valLoss, accuracy, loss, seconds });
}
process.exit();
