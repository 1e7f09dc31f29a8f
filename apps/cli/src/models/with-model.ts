import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { InputError, isInputError, UNIT_RANGE, type ImageSet, type Preprocessing } from '@convlens/core';
import { describeFile } from '@convlens/formats';
import { registerKerasLayers } from '@convlens/model-import';
import type { LayerClass } from '@convlens/models';
import { openModel, readRun, RUN_FILES, type OpenModel } from '@convlens/pipeline';
import { memoryStore, type BlobStore } from '@convlens/storage';
import { folderStore, readRegularFile } from '@convlens/storage/node';
import { chooseBackend } from '../backend/choose-backend.js';
import { quoteArgument } from '../terminal/quote-argument.js';
import { resolveDataDir } from '../data/data-dir.js';
import { loadModelImages, type LoadTestImages, type ModelImageFlags } from '../data/model-images.js';
import { once } from '../data/once.js';
import { openDataset } from '../data/open-dataset.js';
import type { Console } from '../terminal/console.js';
import { choosePreprocessing } from './choose-preprocessing.js';
import { importGraphFolder, importTfjsFolder } from './tfjs-folder.js';
import { isKerasFile, openKerasModel } from './keras-file.js';
import { isModelModule, loadCustomLayers, moduleChecksum } from './model-module.js';
import { isTorchFile, openWeights, type OpenWeightsOptions } from './weights-file.js';
import { isPretrainedSource, openPretrainedRun } from './pretrained-source.js';

export interface ModelFlags extends ModelImageFlags {
  backend: string;
  customLayers?: string;
  architecture?: string;
  output?: OpenModel['output'];
  pixels?: Preprocessing;
  json?: boolean;
}

/** What the callback of `withModel` receives. */
export interface ModelContext {
  opened: OpenModel;
  store: BlobStore;
  /** Loads the test images of --data, by default those of the data set that the model was trained on, as the model reads them. */
  loadTestImages(): Promise<ImageSet>;
  /** Warns if it is not known which inputs the model reads. Commands that run it on images call this. */
  warnAboutPixels(): void;
}

/** Help text of the argument <model>. */
export const MODEL_SOURCE =
  'a run folder, a model folder, model.json, a Keras file (.keras, .h5), PyTorch weights (.pt, .pth, .safetensors) with --architecture, or pretrained:NAME (see convlens list pretrained)';

/** Opens the folder that a command names; the run of a pretrained model is in memory. */
export async function openRunStore(source: string): Promise<BlobStore> {
  if (isPretrainedSource(source)) return openPretrainedRun(source);
  if (!existsSync(source))
    throw new InputError(`Expected a run folder or a model folder, got ${source}, which does not exist`);
  return folderStore(source);
}

/** Whether a source is a file of Keras or PyTorch. */
export const isModelFile = (source: string) => isKerasFile(source) || isTorchFile(source);

/** Refuses a file that is no model, by what it is. */
async function expectNoOtherFile(source: string): Promise<void> {
  const isKnown = isModelFile(source) || isPretrainedSource(source) || basename(source) === 'model.json';
  if (isKnown || !(await isFile(source))) return;
  const kind = describeFile(await readRegularFile(source));
  throw new InputError(`Expected ${MODEL_SOURCE.replace(/ \(see .*\)$/, '')}, got ${source}, ${kind}`);
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );

/** The folder of a model.json that a command names in its place. */
const modelFolder = (source: string) => (basename(source) === 'model.json' ? dirname(source) : source);

async function openModelFile(source: string, options: OpenWeightsOptions): Promise<OpenModel> {
  const { architecture } = options;
  if (!isTorchFile(source) && architecture === undefined) return openKerasModel(source);
  const { preprocessing = UNIT_RANGE, ...opened } = await openWeights(source, options);
  return { ...opened, preprocessing };
}

/** Opens the model that a command names, calls `callback` with it, and disposes the model. */
export async function withModel<T>(
  source: string,
  { flags, console, signal }: { flags: ModelFlags; console: Console; signal: AbortSignal },
  callback: (context: ModelContext) => Promise<T>,
): Promise<T> {
  await chooseBackend(flags.backend, (text) => console.warn(text));
  if (flags.architecture !== undefined && !isModelFile(source))
    throw new InputError(
      `Expected --architecture only for a file with weights only, got it for ${source}, which holds that of its model`,
    );
  await expectNoOtherFile(source);
  // Nothing is saved beside a model file.
  const store = isModelFile(source) ? memoryStore() : await openRunStore(modelFolder(source));
  // A model folder may contain imported layers.
  registerKerasLayers();
  const loadDataset: LoadTestImages = once((request) =>
    openDataset({ ...request, split: 'test' }, console, signal),
  );
  const { data: named } = flags;
  const loadImages =
    named === undefined
      ? undefined
      : () =>
          loadDataset({
            ...flags.size,
            background: flags.background,
            data: named,
            dataDir: resolveDataDir(flags.dataDir),
          });
  const loaded: OpenModel = isModelFile(source)
    ? await openModelFile(source, { architecture: flags.architecture, loadImages, console })
    : await openSavedModel(store, flags.customLayers, console);
  try {
    const { preprocessing, isAssumed } = choosePreprocessing(loaded, flags.pixels);
    const opened: OpenModel = { ...loaded, preprocessing, output: flags.output };
    const loadTestImages = () => loadModelImages(opened, { flags, console, loadDataset });
    const warnAboutPixels = () => {
      if (isAssumed)
        console.warn(
          `The model inputs that pixels become are not known of ${source}: 0..1 is assumed. Choose them with --pixels, or find ` +
            `them with convlens explain ${quoteArgument(source)} --method diagnose-input --data DATA`,
        );
    };
    return await callback({ opened, store, loadTestImages, warnAboutPixels });
  } finally {
    loaded.model.dispose();
  }
}

/**
 * Opens the model of a run folder or model folder with the layer classes of a module of the command line. The module that
 * run.json names is not loaded: the folder may come from somebody else.
 */
export async function openSavedModel(
  store: BlobStore,
  module: string | undefined,
  console: Console,
): Promise<OpenModel> {
  const customLayers = await readCustomLayers(store, module, console);
  return namingCustomLayers(store, async () => {
    try {
      return await openModel(store, { customLayers });
    } catch (error) {
      if (isInputError(error, 'graph-model')) return importGraphFolder(store);
      if (!isInputError(error, 'keras-3')) throw error;
      return importTfjsFolder(store, { customLayers, console });
    }
  });
}

/** Calls `work`; if the model of a run folder has a layer of an unknown class, the error says what to add to the command. */
export async function namingCustomLayers<T>(store: BlobStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isInputError(error, 'unknown-layer')) throw error;
    const trained = await trainedModule(store);
    const name = trained ? basename(trained.model) : 'FILE.mjs';
    const origin = trained
      ? `It was trained with the module ${trained.model}, which is not run because the run folder names it. `
      : '';
    throw new InputError(
      `${error.message}. ${origin}If you trust the module that defines it, add --custom-layers ${quoteArgument(name)}`,
    );
  }
}

/** The layer classes of --custom-layers. A module that differs from the one that trained the run is reported. */
export async function readCustomLayers(
  store: BlobStore,
  module: string | undefined,
  console: Console,
): Promise<readonly LayerClass[]> {
  if (module === undefined) return [];
  const trained = await trainedModule(store);
  if (trained?.moduleChecksum && trained.moduleChecksum !== (await moduleChecksum(module)))
    console.warn(`The module ${module} differs from the one that this run was trained with`);
  return loadCustomLayers(module);
}

/** The module that a run was trained with, as run.json says. */
async function trainedModule(
  store: BlobStore,
): Promise<{ model: string; moduleChecksum?: string } | undefined> {
  if (!(await store.read(RUN_FILES.run))) return undefined;
  const { settings, moduleChecksum } = (await readRun(store)).description;
  return isModelModule(settings.model) ? { model: settings.model, moduleChecksum } : undefined;
}
