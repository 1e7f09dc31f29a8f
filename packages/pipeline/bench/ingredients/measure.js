// What each ingredient of the recipe cifar10-fast is worth: the recipe as a whole and with one thing changed at a time, on
// fewer images, in fewer epochs and with fewer filters. Judged by 5,000 validation images of the training set; the test
// images are not touched. Adds a JSON line a run to a file and skips runs that are in it.
//
//     npx turbo build && node packages/pipeline/bench/ingredients/measure.js DATA_DIR OUT.jsonl \
//       [VARIANTS all] [SEEDS 1] [EPOCHS 8] [IMAGES 10000] [WIDTHS 32/96/96]
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { memoryStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { cifar10Fast } from '@convlens/models';
import { loadDataset, recipes, trainRun } from '../../dist/index.js';
import '@convlens/tfjs-backend-simd';

/** What is changed in the recipe. */
const variants = {
  'the recipe': {},
  'no whitening': { whiten: false },
  'bias scale 1': { biasScale: 1 },
  'no weight decay': { weightDecay: 0 },
  'no label smoothing': { labelSmoothing: 0 },
  'random flip': { augment: 'flip,crop=2:fill=reflect' },
  'no crop': { augment: 'flip:alternating=true' },
  'and Cutout': { augment: 'flip:alternating=true,crop=2:fill=reflect,cutout=8' },
  'half the rate': { learningRate: recipes['cifar10-fast'].learningRate / 2 },
  'twice the rate': { learningRate: recipes['cifar10-fast'].learningRate * 2 },
  'a rate that stays': { schedule: undefined },
  'drawn kernels': { identity: false },
  'batch norm of momentum 0.6': { normMomentum: 0.6 },
};

const [dataDir, out, chosen = 'all', seeds = '1', epochs = '8', count = '10000', widths = '32/96/96'] =
  process.argv.slice(2);
if (!out) throw new Error('Expected DATA_DIR OUT.jsonl [VARIANTS] [SEEDS] [EPOCHS] [IMAGES] [WIDTHS]');
await tf.setBackend('simd');
const limit = Number(count) + 5000;
const images = await loadDataset('cifar10', { split: 'train', limit, reader: folderStore(dataDir) });
const lines = existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n').filter(Boolean) : [];
const done = lines.map((line) => JSON.parse(line));

for (let seed = 1; seed <= Number(seeds); seed++)
  for (const variant of chosen === 'all' ? Object.keys(variants) : chosen.split(',')) {
    const key = { variant, seed, epochs: Number(epochs), images: Number(count), widths };
    if (done.some((line) => Object.keys(key).every((name) => line[name] === key[name]))) continue;
    const { identity, normMomentum, ...change } = variants[variant];
    const settings = {
      ...recipes['cifar10-fast'],
      ...{ limit, validation: 'first:5000', epochs: key.epochs, validateEvery: key.epochs, seed },
      ...change,
    };
    const build = (options) => {
      const model = cifar10Fast({ ...options, widths: widths.split('/').map(Number), identity });
      if (normMomentum)
        for (const layer of model.layers) if ('momentum' in layer) layer.momentum = normMomentum;
      return model;
    };
    const store = memoryStore();
    await trainRun({ settings, backend: 'simd', versions: {} }, { store, images, build });
    const history = JSON.parse(new TextDecoder().decode(await store.read('history.json')));
    const { loss, valLoss, valAccuracy } = history.at(-1);
    const seconds = Math.round(history.reduce((sum, record) => sum + record.seconds, 0));
    const line = JSON.stringify({ ...key, valAccuracy, valLoss, loss, seconds });
    appendFileSync(out, `${line}\n`);
    console.log(line);
  }
