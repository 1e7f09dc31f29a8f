import { findLayer, type Target } from '@convlens/activations';
import {
  expectInteger,
  indexRange,
  InputError,
  selectImages,
  type Heatmap,
  type Images,
} from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { selectExamples } from '../data/select-examples.js';
import { representativeLayers } from '../figures/representative-layers.js';
import type { ExplainMethodOptions, ExplainOptionName, ExplainRequest } from './explain-method.js';

/** The options of @convlens/activations that every method passes on. */
export function readOptionsOf({ opened: { preprocessing, output }, signal, onProgress }: ExplainRequest) {
  return { preprocessing, output, signal, onProgress };
}

function selectedIndices({ images, options: { index, classes, nth } }: ExplainRequest): ArrayLike<number> {
  const isDefault = index === undefined && !classes && nth === undefined;
  // Images without labels are the user's own, and few.
  if (isDefault && !images.labels) return indexRange(images.count);
  if (index === undefined) return selectExamples(images, { classes, nth }).map((example) => example.index);
  if (classes || nth !== undefined) throw new InputError('Expected index, or classes and nth, got both');
  return [expectInteger('index', index, { max: images.count - 1 })];
}

/** The images that a request selects. They keep their index in the set. */
export const selectedImages = (request: ExplainRequest) =>
  selectImages(request.images, selectedIndices(request));

/** The requested filters, each once; undefined for 'all' and for the default. */
export const filterIndices = (filters: ExplainMethodOptions['filters']) =>
  filters === undefined || filters === 'all' ? undefined : [...new Set(filters)];

/** The layer whose filters are explained. Default: the convolution in the middle of the model. */
export const requestedLayer = ({ opened: { model }, options }: ExplainRequest) =>
  options.layer ?? representativeLayers(model).middle;

/**
 * The layer and the filters of a method over the whole data set, and its read options. Default: the first 8
 * filters.
 */
export function requestedFilters(request: ExplainRequest) {
  const { opened, options } = request;
  const layer = requestedLayer(request);
  const name = findLayer(opened.model, layer).replace(/:\d+$/, '');
  const width = findNestedLayer(opened.model, name).outputShape.at(-1) as number;
  const count = options.filters === 'all' ? width : Math.min(8, width);
  return {
    layer,
    filters: filterIndices(options.filters) ?? [...indexRange(count)],
    ...readOptionsOf(request),
  };
}

/** A layer by its name, or by "outer/inner" inside a nested model. */
function findNestedLayer(model: tf.LayersModel, name: string): tf.layers.Layer {
  if (model.layers.some((layer) => layer.name === name)) return model.getLayer(name);
  const [outer, ...inner] = name.split('/');
  return findNestedLayer(model.getLayer(outer) as unknown as tf.LayersModel, inner.join('/'));
}

/**
 * The option `target` in the form of @convlens/activations. The name of a class is that class, even if it is
 * a number.
 */
export function parseTarget({ images, options: { target } }: ExplainRequest): Target | undefined {
  if (target === undefined || images.classNames.includes(target)) return target;
  if (/^\d+$/.test(target)) return Number(target);
  const channel = /^(.+)#(\d+)$/.exec(target);
  return channel ? { layer: channel[1], channel: Number(channel[2]) } : target;
}

type HeatmapTarget = Pick<Heatmap, 'classIndex' | 'target'>;

/** The name of the target of a heatmap. */
export const targetName = ({ classNames }: Images, { classIndex, target }: HeatmapTarget) =>
  target ?? classNames[classIndex];

/** Throws an InputError if one of `unsupported` is set. */
export function rejectOptions(
  method: string,
  options: ExplainMethodOptions,
  unsupported: readonly ExplainOptionName[],
): void {
  for (const name of unsupported)
    if (options[name] !== undefined)
      throw new InputError(`Expected no ${name}: it does not apply to ${method}`);
}
