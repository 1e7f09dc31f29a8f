import { findLayer, keyLayers, layerStatistics, type Target } from '@convlens/activations';
import {
  expectInteger,
  indexRange,
  InputError,
  selectImages,
  type Heatmap,
  type Images,
} from '@convlens/core';
import { MAX_GRID_FILTERS } from '@convlens/render-d3';
import type * as tf from '@tensorflow/tfjs';
import { selectExamples } from '../data/select-examples.js';
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

/** The requested filters as a grid takes them: a list has each once. */
export const filterChoice = (filters: ExplainMethodOptions['filters']) =>
  Array.isArray(filters) ? [...new Set(filters as readonly number[])] : filters;

/** What a grid of all filters leaves out without a choice; undefined if it is complete. */
export function filtersWarning(
  { options: { filters } }: Pick<ExplainRequest, 'options'>,
  { layer, count }: { layer: string; count: number },
): string | undefined {
  if (filters !== undefined || count <= MAX_GRID_FILTERS) return undefined;
  return (
    `The first ${MAX_GRID_FILTERS} of the ${count} filters of ${layer} are shown: choose filters by index (0,10,25), ` +
    `the strongest (top:${MAX_GRID_FILTERS / 2}), or all`
  );
}

/**
 * The layers that are explained without a choice: the outputs of all convolutions; of a model without any those of its dense
 * layers.
 *
 * @throws InputError if it has neither
 */
export function defaultLayers(model: tf.LayersModel): string[] {
  const layers = keyLayers(model);
  for (const kind of ['convolution', 'dense'] as const) {
    const outputs = layers.filter((layer) => layer.kind === kind).map(({ output }) => output);
    if (outputs.length > 0) return outputs;
  }
  throw new InputError(
    `Expected the option layer for ${model.name}, which has no convolution and no dense layer`,
  );
}

/** The layer whose filters are explained. Default: the convolution in the middle of the model. */
export function requestedLayer({ opened: { model }, options }: ExplainRequest): string {
  if (options.layer !== undefined) return options.layer;
  const layers = defaultLayers(model);
  return layers[Math.floor(layers.length / 2)];
}

/**
 * The layer and the filters of a method over the whole data set, and its read options. Default: the first 8
 * filters. The strongest filters are those with the highest mean activation.
 */
export async function requestedFilters(request: ExplainRequest) {
  const layer = requestedLayer(request);
  return { layer, filters: await filtersOfLayer(request, layer), ...readOptionsOf(request) };
}

async function filtersOfLayer(request: ExplainRequest, layer: string): Promise<readonly number[]> {
  const { opened, options } = request;
  const filters = filterChoice(options.filters);
  if (filters !== undefined && filters !== 'all')
    return 'top' in filters ? strongestFilters(request, layer, filters.top) : filters;
  const name = findLayer(opened.model, layer).replace(/:\d+$/, '');
  const width = findNestedLayer(opened.model, name).outputShape.at(-1) as number;
  return [...indexRange(filters === 'all' ? width : Math.min(8, width))];
}

/** The filters with the highest mean activation over the images; of equal ones the lower first. */
async function strongestFilters(request: ExplainRequest, layer: string, top: number): Promise<number[]> {
  expectInteger('filters.top', top, { min: 1 });
  const [{ channels }] = await layerStatistics(request.opened.model, request.images, {
    layers: [layer],
    ...readOptionsOf(request),
  });
  const filters = [...indexRange(channels.length)];
  return filters.sort((a, b) => channels[b].sum - channels[a].sum || a - b).slice(0, top);
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
