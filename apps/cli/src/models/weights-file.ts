import { stat } from 'node:fs/promises';
import { IDENTITY, InputError, type ImageSet, type Preprocessing } from '@convlens/core';
import {
  importArchitecture,
  importKeras,
  loadStateDict,
  readStateDict,
  scalesPixels,
  type LoadedStateDict,
  type TensorValues,
} from '@convlens/model-import';
import { architectureNames, buildModel, type LoadedModel } from '@convlens/models';
import { openModel } from '@convlens/pipeline';
import { folderStore, readRegularFile } from '@convlens/storage/node';
import type * as tf from '@tensorflow/tfjs';
import type { Console } from '../terminal/console.js';
import { formatTable } from '../terminal/format-table.js';
import { isModelModule, loadModelModule } from './model-module.js';

/** Whether a path has the ending of a PyTorch file. */
export const isTorchFile = (path: string) => /\.(pt|pth|safetensors)$/i.test(path);

/** An architecture: a model with its weights of any values, or a description by Keras. */
type Architecture = Partial<Omit<LoadedModel, 'model'>> &
  ({ readonly model: tf.LayersModel } | { readonly json: string });

/** A model of a file with weights only. */
export interface OpenedWeights {
  readonly model: tf.LayersModel;
  /** Undefined if neither the file nor the architecture defines it. */
  readonly preprocessing?: Preprocessing;
  readonly classNames?: readonly string[];
}

export interface OpenWeightsOptions {
  /** What --architecture names. */
  readonly architecture: string | undefined;
  /** Loads images of the data set that the command names, if it names one. */
  readonly loadImages: (() => Promise<ImageSet>) | undefined;
  readonly console: Console;
}

/**
 * Opens what --architecture names: a model module, an architecture of `convlens list`, a model folder, or model.json, of Keras's
 * `model.to_json()` or of TensorFlow.js.
 */
async function openArchitecture(
  source: string,
  loadImages: OpenWeightsOptions['loadImages'],
): Promise<Architecture> {
  if (isModelModule(source)) return { model: await buildModule(source, loadImages) };
  if ((architectureNames as string[]).includes(source)) return { model: buildModel(source) };
  const isFolder = await stat(source).then(
    (entry) => entry.isDirectory(),
    () => undefined,
  );
  if (isFolder) return openModel(folderStore(source));
  if (isFolder === undefined)
    throw new InputError(
      `Expected --architecture to be model.json, a model folder, a module (.mjs) or one of ${architectureNames.join(', ')}, ` +
        `got ${JSON.stringify(source)}`,
    );
  return { json: new TextDecoder().decode(await readRegularFile(source)) };
}

/** The model of a module with the sizes that it has by default, else with those of the images. */
async function buildModule(
  source: string,
  loadImages: OpenWeightsOptions['loadImages'],
): Promise<tf.LayersModel> {
  const module = await loadModelModule(source);
  let withoutSizes: string;
  try {
    return module.build({});
  } catch (error) {
    withoutSizes = (error as Error).message;
  }
  if (!loadImages)
    throw new InputError(
      `Expected ${source} to build its model without inputShape and classes, which a file of weights does not say, got ` +
        `${JSON.stringify(withoutSizes)}. Give them defaults in the module, such as ({ tf, inputShape = [32, 32, 3], classes = 10 }) ` +
        '=> ...; evaluate and explain also take them from the images of --data, import from those of --diagnose',
    );
  const { height, width, channels, classNames } = await loadImages();
  try {
    return module.build({ inputShape: [height, width, channels], classes: classNames.length });
  } catch (error) {
    throw new InputError(
      `Expected ${source} to build its model for the images, ${height} x ${width} x ${channels} of ${classNames.length} classes, ` +
        `got ${JSON.stringify((error as Error).message)}`,
    );
  }
}

/** Opens a file with weights only, of PyTorch or Keras. The caller disposes the model. */
export function openWeights(path: string, options: OpenWeightsOptions): Promise<OpenedWeights> {
  return isTorchFile(path) ? openTorchWeights(path, options) : openKerasWeights(path, options);
}

/** Opens a Keras file with weights only. The caller disposes the model. */
async function openKerasWeights(
  path: string,
  { architecture: source, loadImages, console }: OpenWeightsOptions,
): Promise<OpenedWeights> {
  if (source === undefined) throw noArchitecture(path);
  const architecture = await openArchitecture(source, loadImages);
  const description = 'model' in architecture ? architecture.model : architecture.json;
  try {
    const bytes = await readRegularFile(path);
    const imported = await importKeras(bytes, { fileName: path, architecture: description });
    for (const text of imported.warnings) console.warn(text);
    const { preprocessing = imported.preprocessing, classNames } = architecture;
    return { model: imported.model, preprocessing, classNames };
  } catch (error) {
    if ('model' in architecture) architecture.model.dispose();
    throw error;
  }
}

const noArchitecture = (path: string) =>
  new InputError(
    `Expected --architecture for ${path}, which holds weights only: add --architecture model.json, a model folder, a module ` +
      '(.mjs) or the name of an architecture (see convlens list architectures)',
  );

/** Opens a file of PyTorch weights, and prints which tensor went where. The caller disposes the model. */
async function openTorchWeights(
  path: string,
  { architecture: source, loadImages, console }: OpenWeightsOptions,
): Promise<OpenedWeights> {
  const tensors = readStateDict(await readRegularFile(path), { fileName: path });
  if (source === undefined) throw noArchitecture(path);
  const architecture = await openArchitecture(source, loadImages);
  const model =
    'model' in architecture
      ? architecture.model
      : importArchitecture(architecture.json, { fileName: source }).model;
  try {
    printAssignments(assign(model, tensors, console), console);
    warnAboutEpsilon(model, console);
    const { preprocessing = scalesPixels(model) ? IDENTITY : undefined, classNames } = architecture;
    return { model, preprocessing, classNames };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Sets the weights by the names of the layers, else by their order. */
function assign(
  model: tf.LayersModel,
  tensors: ReadonlyMap<string, TensorValues>,
  console: Console,
): LoadedStateDict {
  try {
    return loadStateDict(model, tensors);
  } catch (byName) {
    let loaded: LoadedStateDict;
    try {
      loaded = loadStateDict(model, tensors, { match: 'order' });
    } catch (byOrder) {
      throw new InputError(`${(byName as Error).message}; by their order: ${(byOrder as Error).message}`);
    }
    console.warn(
      'The layers do not have the names of the modules: the tensors were assigned by their order. Look at the table',
    );
    return loaded;
  }
}

function printAssignments({ assignments, ignored }: LoadedStateDict, console: Console): void {
  const rows = assignments.map(({ tensor, layer, weight, change }) => [tensor, layer, weight, change]);
  console.event(
    'tensors',
    { assignments, ignored },
    formatTable([['tensor', 'layer', 'weight', 'change'], ...rows]),
  );
  if (ignored.length > 0) console.warn(`Not used, because they only count batches: ${ignored.join(', ')}`);
}

const TORCH_EPSILON = 1e-5;

function warnAboutEpsilon({ layers }: tf.LayersModel, console: Console): void {
  const differing = layers.filter(
    (layer) => layer.getClassName() === 'BatchNormalization' && layer.getConfig().epsilon !== TORCH_EPSILON,
  );
  if (differing.length > 0)
    console.warn(
      `The batch normalization of ${differing.length} layers has the epsilon ${String(differing[0].getConfig().epsilon)}; that of ` +
        'PyTorch is 0.00001 unless the network says another one',
    );
}
