import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '@convlens/core';
import { seededDropout, type ModelOptions } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';

/** Whether --model names a file rather than an architecture. */
export const isModelModule = (model: string) => /\.(mjs|js|cjs)$/.test(model);

/**
 * Loads a model of the user's own: a module whose default export is a function of { tf, seededDropout, inputShape, classes, seed } that
 * returns a LayersModel. It is handed our TensorFlow.js, so it needs none of its own, and no second copy gets in.
 */
export async function loadModelModule(path: string): Promise<(options: ModelOptions) => tf.LayersModel> {
  const file = resolve(path);
  await access(file).catch(() => {
    throw new InputError(`Expected a module with a model, found no file ${file}`);
  });
  let build: unknown;
  try {
    ({ default: build } = await import(pathToFileURL(file).href));
  } catch (error) {
    throw new InputError(`Expected ${file} to be a module that loads: ${(error as Error).message}`);
  }
  if (typeof build !== 'function')
    throw new InputError(
      `Expected ${file} to export by default a function ({ tf, inputShape, classes, seed }) => model, got ${typeof build}`,
    );
  return (options) => {
    const model = build({ tf, seededDropout, ...options });
    if (!(model instanceof tf.LayersModel))
      throw new InputError(
        `Expected the function of ${file} to return a tf.LayersModel, got ${model?.constructor?.name ?? typeof model}`,
      );
    return model;
  };
}
