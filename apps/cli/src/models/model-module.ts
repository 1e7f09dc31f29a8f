import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, isInputError } from '@convlens/core';
import { seededDropout, type LayerClass, type ModelOptions } from '@convlens/models';
import { readRegularFile } from '@convlens/storage/node';
import * as tf from '@tensorflow/tfjs';
import { moduleError, moduleLoadError } from './module-error.js';

/** Whether --model names a file rather than an architecture. */
export const isModelModule = (model: string) => /\.(mjs|js|cjs)$/.test(model);

/** A model module of the user. It is code: only a module that the command line names is loaded. */
export interface ModelModule {
  build(options: ModelOptions): tf.LayersModel;
  /** Its custom layers, which are needed to load a trained model. */
  readonly customLayers: readonly LayerClass[];
}

interface ModuleExports {
  readonly default?: unknown;
  readonly customLayers?: unknown;
}

/**
 * Loads a model module. Its default export is a function of { tf, seededDropout, customLayers, inputShape, classes, seed }
 * that returns a LayersModel. It receives TensorFlow.js, so that no second copy is loaded. The optional export
 * `customLayers` is a function of { tf } that returns a list of layer classes; the default export receives them by name.
 *
 * @throws InputError if the file does not exist, cannot be loaded, or has other exports.
 */
export async function loadModelModule(path: string): Promise<ModelModule> {
  const file = resolve(path);
  const { default: build, customLayers: exported } = await importModule(file);
  if (typeof build !== 'function')
    throw new InputError(
      `Expected the default export of ${file} to be a function ({ tf, inputShape, classes, seed }) => model, got ${typeof build}`,
    );
  const layers = readCustomLayers(exported, file);
  const customLayers = Object.fromEntries(layers.map((layer) => [layer.className, layer]));
  return {
    customLayers: layers,
    build(options) {
      const model = runOf('Cannot build the model of', file, () =>
        build({ tf, seededDropout, customLayers, ...options }),
      );
      if (!(model instanceof tf.LayersModel))
        throw new InputError(
          `Expected the default export of ${file} to return a tf.LayersModel, got ${model?.constructor?.name ?? typeof model}`,
        );
      return model;
    },
  };
}

/**
 * Loads the layer classes of the module that --custom-layers names: its export `customLayers`.
 *
 * @throws InputError if the file does not exist, cannot be loaded, or has no such export.
 */
export async function loadCustomLayers(path: string): Promise<readonly LayerClass[]> {
  const file = resolve(path);
  const { customLayers } = await importModule(file);
  if (customLayers === undefined)
    throw new InputError(`Expected ${file} to export customLayers, a function ({ tf }) => [layer classes]`);
  return readCustomLayers(customLayers, file);
}

/** The SHA-256 of a module, in hex: what run.json keeps of it. */
export async function moduleChecksum(path: string): Promise<string> {
  const bytes = await readRegularFile(path).catch((error) => {
    throw isInputError(error) ? error : new InputError(`Expected a model module, found no file ${path}`);
  });
  return createHash('sha256').update(bytes).digest('hex');
}

/** What a function of a module returns. What it throws is an InputError that names the module and its line. */
function runOf<Result>(failure: string, file: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw moduleError(failure, error, file);
  }
}

async function importModule(file: string): Promise<ModuleExports> {
  await moduleChecksum(file);
  try {
    return (await import(pathToFileURL(file).href)) as ModuleExports;
  } catch (error) {
    throw await moduleLoadError(error, file);
  }
}

function readCustomLayers(exported: unknown, file: string): LayerClass[] {
  if (exported === undefined) return [];
  const layers =
    typeof exported === 'function'
      ? runOf('Cannot make the custom layers of', file, () => exported({ tf }))
      : exported;
  if (Array.isArray(layers)) return layers;
  throw new InputError(
    `Expected customLayers of ${file} to be a function ({ tf }) => [layer classes], got ${typeof layers}`,
  );
}
