import { diagnoseInput } from '@convlens/activations';
import {
  defaultClassNames,
  evenlySpaced,
  expectOneOf,
  IDENTITY,
  InputError,
  UNIT_RANGE,
  type ImageSet,
  type InputDiagnosis,
  type Preprocessing,
} from '@convlens/core';
import { subset } from '@convlens/image-set';
import { saveModel } from '@convlens/models';
import { countClasses, fitImages } from '@convlens/pipeline';
import type * as tf from '@tensorflow/tfjs';
import { Command } from 'commander';
import { chooseBackend } from '../backend/choose-backend.js';
import { resolveDataDir } from '../data/data-dir.js';
import { once } from '../data/once.js';
import { openDataset } from '../data/open-dataset.js';
import { importKerasFile } from '../models/keras-file.js';
import { isTorchFile, openWeights, type OpenedWeights } from '../models/weights-file.js';
import { isModelFile } from '../models/with-model.js';
import {
  architectureOption,
  backendOption,
  dataDirOption,
  parseList,
  pixelsOption,
} from '../options/common-options.js';
import { withOutputFolder } from '../runs/output-folder.js';
import { Console } from '../terminal/console.js';
import { interruptible } from '../terminal/interrupt.js';

/** The preprocessings of --preprocessing; pixels are 0..255. */
const PREPROCESSINGS: Readonly<Record<string, Preprocessing>> = {
  unit: UNIT_RANGE,
  centered: { scale: 1 / 255, mean: [0.5], std: [0.5] },
  none: IDENTITY,
};

/** The number of test images that --diagnose uses. */
const DIAGNOSIS_IMAGES = 500;

/** What a model folder holds, the last only while the others are written. */
const MODEL_FILES: readonly string[] = ['model.json', 'weights.bin', 'weights.new.bin'];

interface ImportFlags {
  out: string;
  preprocessing?: string;
  pixels?: Preprocessing;
  classes?: string[];
  diagnose?: string;
  architecture?: string;
  dataDir?: string;
  backend: string;
  json?: boolean;
}

interface ImportContext {
  flags: ImportFlags;
  console: Console;
  signal: AbortSignal;
}

export const importCommand = () =>
  new Command('import')
    .description('convert a Keras file, or weights of Keras or PyTorch, to a model folder')
    .argument(
      '<file>',
      'model.keras or model.h5; with --architecture also .weights.h5, .pt, .pth, .safetensors',
    )
    .requiredOption('--out <dir>', 'output model folder')
    .addOption(pixelsOption())
    .option(
      '--preprocessing <name>',
      'the same by a word: unit (0 to 1), centered (-1 to 1), none (0 to 255)',
    )
    .option(
      '--diagnose <data>',
      'determine the preprocessing and the class order from test images of this data set (see convlens list data)',
    )
    .option('--classes <list>', 'class names in output order, such as airplane,cat', parseList)
    .addOption(architectureOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((path: string, flags: ImportFlags) =>
      interruptible((signal) => importFile(path, { flags, console: new Console(flags.json), signal })),
    );

async function importFile(path: string, context: ImportContext): Promise<void> {
  const { flags, console } = context;
  if (!isModelFile(path))
    throw new InputError(
      `Expected a file of Keras (.keras, .h5) or PyTorch (.pt, .pth, .safetensors), got ${JSON.stringify(path)}`,
    );
  if (flags.preprocessing !== undefined)
    expectOneOf('--preprocessing', flags.preprocessing, Object.keys(PREPROCESSINGS));
  if (flags.preprocessing !== undefined && flags.diagnose !== undefined)
    throw new InputError('Expected --preprocessing or --diagnose, got both');
  if (flags.pixels && (flags.preprocessing ?? flags.diagnose) !== undefined)
    throw new InputError('Expected --pixels, --preprocessing or --diagnose, got more than one');
  await chooseBackend(flags.diagnose === undefined ? 'cpu' : flags.backend, (text) => console.warn(text));
  const loadImages = flags.diagnose === undefined ? undefined : once(() => loadDiagnosisImages(context));
  const { model, preprocessing: fromFile, classNames: ownNames } = await open(path, context, loadImages);
  try {
    expectSavable(model, path);
    const defaultNames = classNamesOf(countClasses({ model }), flags.classes);
    const diagnosis = loadImages
      ? await diagnose(
          model,
          fitImages(await loadImages(), { model }, { onWarning: (text) => console.warn(text) }),
          context,
        )
      : undefined;
    const preprocessing = flags.preprocessing
      ? PREPROCESSINGS[flags.preprocessing]
      : (flags.pixels ?? diagnosis?.preprocessing ?? fromFile ?? assumeUnitRange(console));
    const classNames = flags.classes ? defaultNames : (diagnosis?.classNames ?? ownNames ?? defaultNames);
    await withOutputFolder(
      flags.out,
      { command: 'convlens import', replaces: MODEL_FILES },
      async (store) => {
        await saveModel(model, store, { preprocessing, classNames });
        const { location } = store;
        console.event('model', { path: location, preprocessing, classNames }, `model folder: ${location}`);
      },
    );
  } finally {
    model.dispose();
  }
}

/** Opens the model of a file. Warnings are printed. */
async function open(
  path: string,
  { flags: { architecture }, console }: ImportContext,
  loadImages: (() => Promise<ImageSet>) | undefined,
): Promise<OpenedWeights> {
  if (isTorchFile(path) || architecture !== undefined)
    return openWeights(path, { architecture, loadImages, console });
  const { warnings, ...opened } = await importKerasFile(path);
  for (const text of warnings) console.event('warning', { text }, `warning: ${text}`);
  return opened;
}

function assumeUnitRange(console: Console): Preprocessing {
  const text =
    'the preprocessing of the model is unknown, assuming 0 to 1: set --pixels, or use --diagnose DATA';
  console.event('warning', { text }, `warning: ${text}`);
  return UNIT_RANGE;
}

/** In a model folder, TensorFlow.js identifies weights by name, also across nested models. */
function expectSavable(model: tf.LayersModel, path: string): void {
  const names = new Set<string>();
  for (const { originalName } of model.weights) {
    if (names.has(originalName))
      throw new InputError(
        `Expected ${path} to have unique weight names, got two layers with the weight ${originalName}, which a model ` +
          'folder cannot distinguish: use the file itself as MODEL',
      );
    names.add(originalName);
  }
}

/** Test images of the data set of --diagnose: of all classes, also where they come class by class. */
async function loadDiagnosisImages({ flags, console, signal }: ImportContext): Promise<ImageSet> {
  const dataDir = resolveDataDir(flags.dataDir);
  const request = { data: flags.diagnose!, dataDir, split: 'test' } as const;
  const loaded = await openDataset(request, console, signal);
  return subset(loaded, evenlySpaced(loaded.count, DIAGNOSIS_IMAGES));
}

/** The most likely preprocessing of the model, and the class names in the order of its outputs. */
async function diagnose(
  model: tf.LayersModel,
  images: ImageSet,
  { console, signal }: ImportContext,
): Promise<{ preprocessing?: Preprocessing; classNames?: string[] }> {
  const bar = console.bar('diagnosing');
  let diagnosis: InputDiagnosis;
  try {
    const onProgress = (done: number, total: number) => bar.update(done, total);
    diagnosis = await diagnoseInput(model, images, { signal, onProgress });
  } finally {
    bar.stop();
  }
  const { conclusion, preprocessing, classOrder } = diagnosis;
  console.event('diagnosis', { ...diagnosis }, `diagnosis: ${conclusion}`);
  const { classNames } = images;
  const order = classOrder ?? classNames.map((_, label) => label);
  return preprocessing ? { preprocessing, classNames: order.map((label) => classNames[label]) } : {};
}

function classNamesOf(count: number, names: string[] | undefined): string[] {
  if (names && names.length !== count)
    throw new InputError(`Expected --classes to name ${count} classes, got ${names.length}`);
  return names ?? defaultClassNames(count);
}
