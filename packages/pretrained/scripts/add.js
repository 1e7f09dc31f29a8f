// Makes a pretrained network of a run: node packages/pretrained/scripts/add.js RUN_FOLDER [NAME] [--data-dir DIR] [--limit TEXT]...
// The run must have been evaluated (convlens evaluate RUN_FOLDER). Its weights are rounded to 16 bits, measured again on the
// test images, and written with their card to weights/, cards/ and README.md; what they say of each image goes to
// test/fixtures/. Each --limit TEXT is added to the card's limits.
// Needs the packages built (npm run setup), and is followed by npm run setup, which packs what it wrote.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InputError } from '@convlens/core';
import { folderStore } from '@convlens/storage/node';
import { parseSplit, split } from '@convlens/image-set';
import { cacheFolder, folderFiles } from '@convlens/image-set/node';
import { readSafetensors } from '@convlens/model-import';
import { buildModel, modelNames } from '@convlens/models';
import { evaluateSubject, loadDataset, openSubject, recipes } from '@convlens/pipeline';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { format } from 'prettier';
import { packWeights } from '../dist/index.js';
import { aboutData } from './about-data.js';
import { recordSaid } from './record-said.js';
import { renderCards } from './render-cards.js';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'data-dir': { type: 'string' }, limit: { type: 'string', multiple: true, default: [] } },
});
const [folder, asked] = positionals;
if (!folder) throw new InputError('Expected the folder of a run: add.js RUN_FOLDER [NAME]');
await tf.setBackend('simd');

const subject = await openSubject(folderStore(folder));
const { run, preprocessing, classNames } = subject;
if (!run?.summary?.test)
  throw new InputError(`Expected a run that was evaluated, found none: convlens evaluate ${folder}`);
const { description, summary, history } = run;
const { settings, backend, versions } = description;
const { model: architecture, data, seed } = settings;
const name = asked ?? architecture;
if (!modelNames.includes(architecture))
  throw new InputError(`Expected a network of @convlens/models, got ${architecture}`);
if (!Object.hasOwn(aboutData, data))
  throw new InputError(
    `Expected a data set of which scripts/about-data.js knows (${Object.keys(aboutData).join(', ')}), got ${data}`,
  );
if (!/^[a-z0-9-]+$/.test(name))
  throw new InputError(`Expected a name of small letters, digits and "-", got ${JSON.stringify(name)}`);

const reader = folderFiles(flags['data-dir'] ?? description.dataDir ?? cacheFolder());
const train = await loadDataset(data, { split: 'train', reader, limit: settings.limit });
const test = await loadDataset(data, { split: 'test', reader });
if (summary.test.name !== test.name)
  throw new InputError(`Expected the run to be evaluated on ${test.name}, got ${summary.test.name}`);
const { taken, rest } = split(train, { ...parseSplit(settings.validation), seed });

// The network as a user gets it: built by its name, with the weights as they are read back.
const bytes = packWeights(subject.model);
const inputShape = subject.model.inputs[0].shape.slice(1);
const model = buildModel(architecture, { inputShape, classes: classNames.length });
const tensors = readSafetensors(bytes);
for (const weight of model.weights) {
  const { values, shape } = tensors.get(weight.originalName);
  weight.write(tf.tensor(values, shape));
}
const rounded = await evaluateSubject({ model, preprocessing, classNames }, test);
const size = classNames.length;

const sameSettings = ([, recipe]) =>
  Object.entries({ ...recipe, ...settings }).every(
    ([key, value]) => JSON.stringify(recipe[key]) === JSON.stringify(value),
  );
const recipe = Object.entries(recipes).find(sameSettings)?.[0];
const { source, intendedUse, limits } = aboutData[data];
const measured = ({ accuracy, loss }) => ({ accuracy, loss });
const accuracy = `${(100 * rounded.accuracy).toFixed(2)}%`;
const card = {
  name,
  title: `${architecture} trained on ${data}: ${accuracy} of ${test.count.toLocaleString('en-US')} test images`,
  architecture,
  inputShape,
  parameters: model.countParams(),
  classNames,
  preprocessing,
  data: { name: data, source, trained: rest.count, validation: taken.count },
  training: {
    recipe,
    settings,
    seed,
    epochs: summary.epochs,
    keptEpoch: summary.best.epoch,
    backend,
    versions,
    seconds: summary.seconds,
    history,
  },
  evaluation: {
    images: test.name,
    count: test.count,
    float32: measured(summary.test),
    binary16: measured(rounded),
    confusion: classNames.map((_, row) => [
      ...rounded.confusion.counts.subarray(row * size, (row + 1) * size),
    ]),
  },
  intendedUse,
  limits: [...limits, ...flags.limit],
  licence: 'MIT, as this package. What the makers of the data allow is theirs to say.',
  weights: { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
};
const text = await format(JSON.stringify(card), { parser: 'json', printWidth: 110 });
for (const [kind, file, content] of [
  ['weights', `${name}.safetensors`, bytes],
  ['cards', `${name}.json`, text],
]) {
  mkdirSync(new URL(`../${kind}`, import.meta.url), { recursive: true });
  writeFileSync(new URL(`../${kind}/${file}`, import.meta.url), content);
}
renderCards();
await recordSaid(name, { model, preprocessing, images: test });
console.log(card.title, measured(summary.test), '->', measured(rounded));
