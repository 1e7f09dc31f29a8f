import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '@convlens/core';
import { seededDropout, type LayerClass, type ModelOptions } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';

/** Whether --model names a file rather than an architecture. */
export const isModelModule = (model: string) => /\.(mjs|js|cjs)$/.test(model);

/** A module of the user's own, loaded. */
export interface ModelModule {
  build(options: ModelOptions): tf.LayersModel;
  /** Its own layers: known to TensorFlow.js from now on, and needed to load what was trained. */
  readonly customLayers: readonly LayerClass[];
}

/**
 * Loads a model of the user's own: a module whose default export is a function of { tf, seededDropout, customLayers,
 * inputShape, classes, seed } that returns a LayersModel. It is handed our TensorFlow.js, so it needs none of its own,
 * and no second copy gets in. Classes of layers of its own come from an export `customLayers`, a function of { tf } that
 * returns a list of them; the default export gets them by their names.
 */
export async function loadModelModule(path: string): Promise<ModelModule> {
  const file = resolve(path);
  await access(file).catch(() => {
    throw new InputError(`Expected a module with a model, found no file ${file}`);
  });
  let loaded: { default?: unknown; customLayers?: unknown };
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (error) {
    throw new InputError(`Expected ${file} to be a module that loads: ${(error as Error).message}`);
  }
  const { default: build } = loaded;
  if (typeof build !== 'function')
    throw new InputError(
      `Expected ${file} to export by default a function ({ tf, inputShape, classes, seed }) => model, got ${typeof build}`,
    );
  const layers = customLayersOf(loaded.customLayers, file);
  const customLayers = Object.fromEntries(layers.map((layer) => [layer.className, layer]));
  return {
    customLayers: layers,
    build(options) {
      const model = build({ tf, seededDropout, customLayers, ...options });
      if (!(model instanceof tf.LayersModel))
        throw new InputError(
          `Expected the function of ${file} to return a tf.LayersModel, got ${model?.constructor?.name ?? typeof model}`,
        );
      return model;
    },
  };
}

function customLayersOf(make: unknown, file: string): LayerClass[] {
  if (make === undefined) return [];
  const layers = typeof make === 'function' ? make({ tf }) : make;
  if (Array.isArray(layers)) return layers;
  throw new InputError(
    `Expected customLayers of ${file} to be a function ({ tf }) => [classes of layers], got ${typeof layers}`,
  );
}
