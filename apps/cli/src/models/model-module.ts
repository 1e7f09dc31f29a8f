import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '@convlens/core';
import { seededDropout, type LayerClass, type ModelOptions } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';

/** Whether --model names a file rather than an architecture. */
export const isModelModule = (model: string) => /\.(mjs|js|cjs)$/.test(model);

/** A model module of the user. */
export interface ModelModule {
  build(options: ModelOptions): tf.LayersModel;
  /** Its custom layers, which are needed to load a trained model. */
  readonly customLayers: readonly LayerClass[];
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
  await access(file).catch(() => {
    throw new InputError(`Expected a model module, found no file ${file}`);
  });
  let loaded: { default?: unknown; customLayers?: unknown };
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (error) {
    throw new InputError(`Cannot load the module ${file}: ${(error as Error).message}`);
  }
  const { default: build } = loaded;
  if (typeof build !== 'function')
    throw new InputError(
      `Expected the default export of ${file} to be a function ({ tf, inputShape, classes, seed }) => model, got ${typeof build}`,
    );
  const layers = readCustomLayers(loaded.customLayers, file);
  const customLayers = Object.fromEntries(layers.map((layer) => [layer.className, layer]));
  return {
    customLayers: layers,
    build(options) {
      const model = build({ tf, seededDropout, customLayers, ...options });
      if (!(model instanceof tf.LayersModel))
        throw new InputError(
          `Expected the default export of ${file} to return a tf.LayersModel, got ${model?.constructor?.name ?? typeof model}`,
        );
      return model;
    },
  };
}

function readCustomLayers(exported: unknown, file: string): LayerClass[] {
  if (exported === undefined) return [];
  const layers = typeof exported === 'function' ? exported({ tf }) : exported;
  if (Array.isArray(layers)) return layers;
  throw new InputError(
    `Expected customLayers of ${file} to be a function ({ tf }) => [layer classes], got ${typeof layers}`,
  );
}
