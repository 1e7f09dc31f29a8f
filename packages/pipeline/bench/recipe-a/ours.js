// Recipe A on the first images of CIFAR-10, seed by seed, with the pipeline; adds a JSON line a seed to a file and skips
// seeds that are in it. For the same in Keras see keras_recipe_a.py, for both side by side compare.js.
//
//     npx turbo build && node packages/pipeline/bench/recipe-a/ours.js DATA_DIR OUT.jsonl [IMAGES 10000] [EPOCHS 5] [SEEDS 10]
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { memoryStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { loadDataset, recipes, trainRun } from '../../dist/index.js';
import '@convlens/tfjs-backend-simd';

const [dataDir, out, limit = '10000', epochs = '5', seeds = '10'] = process.argv.slice(2);
if (!out) throw new Error('Expected DATA_DIR OUT.jsonl [IMAGES] [EPOCHS] [SEEDS]');
await tf.setBackend('simd');
const images = await loadDataset('cifar10', {
  split: 'train',
  limit: Number(limit),
  reader: folderStore(dataDir),
});
const lines = existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n').filter(Boolean) : [];
const done = lines
  .map((line) => JSON.parse(line))
  .filter((line) => line.images === images.count && line.epochs === Number(epochs));

for (let seed = 1; seed <= Number(seeds); seed++) {
  if (done.some((line) => line.seed === seed)) continue;
  const settings = { ...recipes.A, limit: images.count, epochs: Number(epochs), seed };
  const store = memoryStore();
  await trainRun({ settings, backend: 'simd', versions: {} }, { store, images });
  const history = JSON.parse(new TextDecoder().decode(await store.read('history.json')));
  const last = history.at(-1);
  const seconds = Math.round(history.reduce((sum, record) => sum + record.seconds, 0));
  const result = {
    ...{ who: 'convlens', seed, images: images.count, epochs: history.length },
    ...{
      valAccuracy: last.valAccuracy,
      valLoss: last.valLoss,
      accuracy: last.accuracy,
      loss: last.loss,
      seconds,
    },
  };
  appendFileSync(out, `${JSON.stringify(result)}\n`);
  console.log(JSON.stringify(result));
}
