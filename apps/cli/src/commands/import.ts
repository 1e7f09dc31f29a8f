import { diagnoseInput } from '@convlens/activations';
import { IDENTITY, InputError, UNIT_RANGE, type InputDiagnosis, type Preprocessing } from '@convlens/core';
import { folderStore } from '@convlens/storage/node';
import { take } from '@convlens/image-set';
import { saveModel } from '@convlens/models';
import type * as tf from '@tensorflow/tfjs';
import { Command } from 'commander';
import { Console } from '../console.js';
import { chooseBackend } from '../backend.js';
import { dataFolder } from '../data-folder.js';
import { openDataset } from '../dataset.js';
import { interruptible } from '../interrupt.js';
import { isKerasFile, openKerasFile } from '../keras-subject.js';
import { backendOption, dataDirOption, list } from '../options.js';

/** How pixels (0..255) become what a network reads, by the name on the command line. */
const SCALES: Readonly<Record<string, Preprocessing>> = {
  unit: UNIT_RANGE,
  signed: { scale: 1 / 255, mean: [0.5], std: [0.5] },
  none: IDENTITY,
};

/** So many test images tell how a model is to be fed. */
const DIAGNOSED = 500;

interface ImportFlags {
  out: string;
  pixels?: string;
  classes?: string[];
  diagnose?: string;
  dataDir?: string;
  backend: string;
  json?: boolean;
}

export const importCommand = () =>
  new Command('import')
    .description('turns a Keras file (.keras, .h5) into a model folder')
    .argument('<file>', 'model.keras or model.h5')
    .requiredOption('--out <dir>', 'the model folder')
    .option('--pixels <scale>', 'what the model reads: unit (0 to 1), signed (-1 to 1), none (0 to 255)')
    .option('--diagnose <data>', 'find that out with test images of this data set (convlens list data)')
    .option('--classes <list>', 'the names of the classes, such as airplane,cat', list)
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((path: string, flags: ImportFlags) =>
      interruptible((signal) => importFile(path, { flags, console: new Console(flags.json), signal })),
    );

async function importFile(
  path: string,
  { flags, console, signal }: { flags: ImportFlags; console: Console; signal: AbortSignal },
): Promise<void> {
  if (!isKerasFile(path)) throw new InputError(`Expected a .keras or .h5 file, got ${JSON.stringify(path)}`);
  if (flags.pixels !== undefined && !Object.hasOwn(SCALES, flags.pixels))
    throw new InputError(
      `Expected --pixels to be one of ${Object.keys(SCALES).join(', ')}, got ${JSON.stringify(flags.pixels)}`,
    );
  if (flags.pixels !== undefined && flags.diagnose !== undefined)
    throw new InputError('Expected --pixels or --diagnose, got both');
  await chooseBackend(flags.diagnose === undefined ? 'cpu' : flags.backend);
  const { model, notes, preprocessing: known } = await openKerasFile(path);
  try {
    expectSavable(model, path);
    for (const note of notes) console.event('note', { note }, `note: ${note}`);
    const named = classNamesOf(model.outputs[0].shape.at(-1), flags.classes);
    const found =
      flags.diagnose === undefined ? undefined : await diagnose(model, { flags, console, signal });
    const given = flags.pixels ? SCALES[flags.pixels] : (found?.preprocessing ?? known);
    if (!given) {
      const note = 'what the model reads is not known, 0 to 1 is taken: say --pixels, or --diagnose DATA';
      console.event('note', { note }, `note: ${note}`);
    }
    const preprocessing = given ?? UNIT_RANGE;
    const classNames = flags.classes ? named : (found?.classNames ?? named);
    const store = folderStore(flags.out);
    await saveModel(model, store, { preprocessing, classNames });
    const { location } = store;
    console.event('model', { path: location, preprocessing, classNames }, `model folder: ${location}`);
  } finally {
    model.dispose();
  }
}

/** TensorFlow.js tells weights in a model folder by the names of their layers, also across models within the model. */
function expectSavable(model: tf.LayersModel, path: string): void {
  const seen = new Set<string>();
  for (const { originalName } of model.weights) {
    if (seen.has(originalName))
      throw new InputError(
        `Expected ${path} to name its layers differently, got two layers with the weight ${originalName}, which a model ` +
          'folder cannot tell apart: name the file itself as SUBJECT',
      );
    seen.add(originalName);
  }
}

/** How the model is most likely to be fed, and then the names of its classes, in its own order. */
async function diagnose(
  model: tf.LayersModel,
  { flags, console, signal }: { flags: ImportFlags; console: Console; signal: AbortSignal },
): Promise<{ preprocessing?: Preprocessing; classNames?: string[] }> {
  const dataDir = dataFolder(flags.dataDir);
  const request = { data: flags.diagnose!, dataDir, split: 'test', limit: DIAGNOSED } as const;
  const given = await openDataset(request, console, signal);
  // A set that is drawn comes whole.
  const images = take(given, Math.min(DIAGNOSED, given.count));
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

function classNamesOf(count: number | null | undefined, given: string[] | undefined): string[] {
  if (given && given.length !== count)
    throw new InputError(`Expected --classes to name ${count} classes, got ${given.length}`);
  return given ?? Array.from({ length: count ?? 0 }, (_, i) => `class ${i}`);
}
