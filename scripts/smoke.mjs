/**
 * Uses the builds of the packages in another runtime than Node: data, augmentation, formats, stores, figures, and one step of training on
 * the cpu backend.
 *
 *   npm run setup && npx -y bun scripts/smoke.mjs
 *   npm run setup && npx -y deno run --allow-all scripts/smoke.mjs
 */
import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import { augment, parseAugment } from '../packages/augment/dist/index.js';
import { preprocess, UNIT_RANGE } from '../packages/core/dist/index.js';
import { crc32, inflateSync } from '../packages/formats/dist/index.js';
import { batches, split } from '../packages/image-set/dist/index.js';
import { generateShapes } from '../packages/image-set/dist/shapes.js';
import { buildModel, loadModel, saveModel } from '../packages/models/dist/index.js';
import { trainingCurves } from '../packages/render-d3/dist/index.js';
import { renderSvg } from '../packages/render-d3/dist/node.js';
import { memoryStore, readText, writeText } from '../packages/storage/dist/index.js';
import { compileClassifier } from '../packages/training/dist/index.js';

const images = generateShapes({ count: 40, seed: 1 });
const { remaining } = split(images, { strategy: 'stratified', fraction: 0.5 });
const [batch] = augment(batches(remaining, { batchSize: 8, seed: 1 }), parseAugment('flip,cutout=4'), {
  seed: 1,
})(0);
assert.equal(batch.count, 8);

const hello = Uint8Array.of(0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x06, 0x2c, 0x02, 0x15);
assert.equal(crc32(inflateSync([hello], { name: 'hello.zlib', maxBytes: 100 })), 0x3610a686);

const store = memoryStore();
await writeText(store, 'a.txt', 'a');
assert.equal(await readText(store, 'a.txt'), 'a');

await tf.setBackend('cpu');
const model = buildModel('shapes-3conv', { seed: 1 });
compileClassifier(model, { optimizer: 'adam', learningRate: 1e-3 });
const inputs = tf.tensor4d(preprocess(batch, UNIT_RANGE), [8, 32, 32, 3]);
const targets = tf.oneHot(tf.tensor1d(batch.labels, 'int32'), 10);
const loss = async () => {
  const value = model.evaluate(inputs, targets);
  return (await (Array.isArray(value) ? value[0] : value).data())[0];
};
const before = await loss();
await model.trainOnBatch(inputs, targets);
const after = await loss();
assert.ok(Number.isFinite(before) && after !== before, `the loss is ${before}, and ${after} after a step`);

await saveModel(model, store, { preprocessing: UNIT_RANGE, classNames: images.classNames });
const { model: loaded } = await loadModel(store);
assert.deepEqual(loaded.predict(inputs).dataSync(), model.predict(inputs).dataSync());

const history = [before, after].map((value, epoch) => ({
  epoch,
  learningRate: 1e-3,
  loss: value,
  accuracy: 0.1,
  seconds: 1,
  metrics: {},
}));
assert.match(renderSvg(trainingCurves, history), /^<svg/);

console.log(`works: loss ${before.toFixed(4)}, ${after.toFixed(4)} after one step`);
