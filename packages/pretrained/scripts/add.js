// Adds the model of a run to this package:
//
//     node packages/pretrained/scripts/add.js RUN_FOLDER [NAME] [--data-dir DIR] [--limitation TEXT]...
//
// The run must have been evaluated (convlens evaluate RUN_FOLDER). Rounds the weights to float16, evaluates
// them on the test images, and writes weights/NAME.safetensors, cards/NAME.json, the card in README.md and
// the predictions in test/fixtures/. NAME is the architecture by default. Each --limitation TEXT is added to
// the limitations in the card. Needs built packages (npm run setup). Run npm run setup again afterwards: it
// builds the new files into the package.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatCount, formatPercent, InputError } from '@convlens/core';
import { parseSplit, split } from '@convlens/image-set';
import { cacheFolder, folderFiles } from '@convlens/image-set/node';
import { readSafetensors } from '@convlens/model-import';
import { buildModel } from '@convlens/models';
import { evaluateOpenModel, loadDataset, openModel, RECIPES } from '@convlens/pipeline';
import { PROJECT_RECIPES } from '@convlens/reproduce';
import { folderStore } from '@convlens/storage/node';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { format } from 'prettier';
import { writeSafetensors } from '../dist/index.js';
import { datasetInfo } from './dataset-info.js';
import { recordPredictions } from './record-predictions.js';
import { renderCards } from './render-cards.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'data-dir': { type: 'string' }, limitation: { type: 'string', multiple: true, default: [] } },
});
const [folder, requestedName] = positionals;
if (!folder) throw new InputError('Expected the folder of a run: add.js RUN_FOLDER [NAME]');
await tf.setBackend('simd');

const opened = await openModel(folderStore(folder));
const { run, preprocessing, classNames } = opened;
if (!run?.summary?.test)
  throw new InputError(`Expected a run that was evaluated: convlens evaluate ${folder}`);
const { description, summary, history } = run;
const { settings, backend, versions } = description;
const { model: architecture, data: dataset, seed } = settings;
const id = requestedName ?? architecture;
if (!Object.hasOwn(datasetInfo, dataset))
  throw new InputError(
    `Expected data to be in scripts/dataset-info.js (${Object.keys(datasetInfo).join(', ')}), got ${dataset}`,
  );
if (!/^[a-z0-9-]+$/.test(id))
  throw new InputError(`Expected NAME to be lower-case letters, digits and "-", got ${JSON.stringify(id)}`);

const source = folderFiles(options['data-dir'] ?? description.dataDir ?? cacheFolder());
const train = await loadDataset(dataset, { split: 'train', source, limit: settings.limit });
const test = await loadDataset(dataset, { split: 'test', source });
if (summary.test.name !== test.name)
  throw new InputError(`Expected the run to be evaluated on ${test.name}, got ${summary.test.name}`);
const { heldOut, remaining } = split(train, { ...parseSplit(settings.validation), seed });

const bytes = writeSafetensors(opened.model);
const inputShape = opened.model.inputs[0].shape.slice(1);
const model = restoreFloat16();
const evaluation = await evaluateOpenModel({ model, preprocessing, classNames }, test);
const metricsOf = ({ accuracy, loss }) => ({ accuracy, loss });

const { limitations, intendedUse, source: dataSource } = datasetInfo[dataset];
const accuracy = formatPercent(evaluation.accuracy);
const testImages = formatCount(test.count, 'test image');
const card = {
  id,
  title: `${architecture} trained on ${dataset}: ${accuracy} accuracy on ${testImages}`,
  architecture,
  inputShape,
  parameters: model.countParams(),
  classNames,
  preprocessing,
  data: { id: dataset, source: dataSource, trainCount: remaining.count, validationCount: heldOut.count },
  training: {
    recipe: findRecipeId(),
    settings,
    seed,
    epochs: summary.epochs,
    bestEpoch: summary.best.epoch,
    backend,
    versions,
    seconds: summary.seconds,
    history,
  },
  evaluation: {
    testSet: test.name,
    count: test.count,
    float32: metricsOf(summary.test),
    float16: metricsOf(evaluation),
    confusion: confusionRows(evaluation),
  },
  intendedUse,
  limitations: [...limitations, ...options.limitation],
  license: 'MIT, as this package. The data set has its own terms of use.',
  weights: { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
};
write('weights', `${id}.safetensors`, bytes);
write('cards', `${id}.json`, await format(JSON.stringify(card), { parser: 'json', printWidth: 110 }));
renderCards();
await recordPredictions(id, { model, preprocessing, images: test });
console.log(card.title, metricsOf(summary.test), '->', metricsOf(evaluation));

/** The model as loadPretrained will build it: the named architecture with the weights of the file. */
function restoreFloat16() {
  const restored = buildModel(architecture, { inputShape, classes: classNames.length });
  const tensors = readSafetensors(bytes);
  for (const weight of restored.weights) {
    const { values, shape } = tensors.get(weight.originalName);
    weight.write(tf.tensor(values, shape));
  }
  return restored;
}

/** The id of the recipe with these settings, if there is one. */
function findRecipeId() {
  const hasSameSettings = ({ settings: recipe }) =>
    Object.entries({ ...recipe, ...settings }).every(
      ([key, value]) => JSON.stringify(recipe[key]) === JSON.stringify(value),
    );
  return [...RECIPES, ...PROJECT_RECIPES].find(hasSameSettings)?.id;
}

/** The confusion matrix as nested lists, [label][predicted class]. */
function confusionRows({ confusion }) {
  const size = classNames.length;
  return classNames.map((_, label) => [...confusion.counts.subarray(label * size, (label + 1) * size)]);
}

function write(directory, name, content) {
  mkdirSync(new URL(`../${directory}`, import.meta.url), { recursive: true });
  writeFileSync(new URL(`../${directory}/${name}`, import.meta.url), content);
}
