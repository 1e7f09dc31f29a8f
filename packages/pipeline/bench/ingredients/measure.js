// Measures the effect of each ingredient of the recipe cifar10-fast: trains with the recipe as it is and with
// one change at a time, on fewer images, in fewer epochs and with fewer filters. The accuracy is measured on
// 5,000 validation images of the training set; the test images are not used. Adds one JSON line per run to a
// file and skips runs that are in it.
//
//     npx turbo build && node packages/pipeline/bench/ingredients/measure.js DATA_DIR OUT.jsonl \
//       [VARIANTS all] [SEEDS 1] [EPOCHS 8] [IMAGES 10000] [WIDTHS 32/96/96]
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { folderFiles } from '@convlens/image-set/node';
import { cifar10Fast } from '@convlens/models';
import { memoryStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { findRecipe, loadDataset, readRun, trainRun } from '../../dist/index.js';

const { settings: recipe } = findRecipe('cifar10-fast');
const VALIDATION_COUNT = 5000;

/** The change of the recipe in each variant. */
const variants = {
  'the recipe': {},
  'no whitening': { whiten: false },
  'bias scale 1': { biasScale: 1 },
  'no weight decay': { weightDecay: 0 },
  'no label smoothing': { labelSmoothing: 0 },
  'random flip': { augment: 'flip,crop=2:fill=reflect' },
  'no crop': { augment: 'flip:alternating=true' },
  Cutout: { augment: 'flip:alternating=true,crop=2:fill=reflect,cutout=8' },
  'half the learning rate': { learningRate: recipe.learningRate / 2 },
  'twice the learning rate': { learningRate: recipe.learningRate * 2 },
  'constant learning rate': { schedule: undefined },
  'no Dirac initialization': { diracInit: false },
  'batch normalization momentum 0.6': { normMomentum: 0.6 },
};

const [dataDir, out, chosen = 'all', seeds = '1', epochs = '8', count = '10000', widths = '32/96/96'] =
  process.argv.slice(2);
if (!out) throw new Error('Expected DATA_DIR OUT.jsonl [VARIANTS] [SEEDS] [EPOCHS] [IMAGES] [WIDTHS]');
await tf.setBackend('simd');
const limit = Number(count) + VALIDATION_COUNT;
const images = await loadDataset('cifar10', { split: 'train', limit, source: folderFiles(dataDir) });
const finished = existsSync(out)
  ? readFileSync(out, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  : [];

for (let seed = 1; seed <= Number(seeds); seed++)
  for (const variant of chosen === 'all' ? Object.keys(variants) : chosen.split(',')) {
    const key = { variant, seed, epochs: Number(epochs), images: Number(count), widths };
    if (finished.some((run) => Object.keys(key).every((name) => run[name] === key[name]))) continue;
    const { diracInit, normMomentum, ...change } = variants[variant];
    const settings = {
      ...recipe,
      limit,
      validation: `first:${VALIDATION_COUNT}`,
      epochs: key.epochs,
      validateEvery: key.epochs,
      seed,
      ...change,
    };
    const build = (options) => {
      const model = cifar10Fast({ ...options, widths: widths.split('/').map(Number), diracInit });
      if (normMomentum)
        for (const layer of model.layers) if ('momentum' in layer) layer.momentum = normMomentum;
      return model;
    };
    const store = memoryStore();
    await trainRun({ settings, backend: 'simd', versions: {} }, { store, images, build });
    const { history } = await readRun(store);
    const { loss, valLoss, valAccuracy } = history.at(-1);
    const seconds = Math.round(history.reduce((sum, record) => sum + record.seconds, 0));
    const line = JSON.stringify({ ...key, valAccuracy, valLoss, loss, seconds });
    appendFileSync(out, `${line}\n`);
    console.log(line);
  }
process.exit();
