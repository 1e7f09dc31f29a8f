import { findLayer, type Target } from '@convlens/activations';
import { InputError, type Heatmap, type Images, type ImageSet } from '@convlens/core';
import type { MapScale } from '@convlens/render-d3';
import type { ReportTable } from '@convlens/render-d3/report';
import type * as tf from '@tensorflow/tfjs';
import { chooseImages } from '../choose-images.js';
import { layersToShow } from '../layers-to-show.js';
import { pickImages } from '../pick-images.js';
import type { FigurePlan } from '../report/section.js';
import type { Subject } from '../subject.js';

export interface ExplainOptions {
  /** A layer's name, 'first-conv' or 'last-conv'. Default: what the report shows for that method. */
  layer?: string;
  /** Which filters. Default: the first 8 for the methods that look at a whole data set, 'all' for the others. */
  filters?: readonly number[] | 'all';
  /**
   * The classes whose nth image is looked at (or that are compared, or made images for). Default: three of them; of images
   * without labels all are looked at.
   */
  classes?: readonly string[];
  /** Counted from 1. Default 3. */
  nth?: number;
  /** One image, by where it stands in the set, in place of classes. */
  index?: number;
  /**
   * What is explained: 'predicted' (default), 'label', a class by name or index, or a channel of a layer as in
   * "relu2_2#10".
   */
  target?: string;
  /** How the values of feature maps become colours. Default 'map': each map from its own smallest to its own largest. */
  scale?: MapScale;
  /** How many feature maps stand side by side. Default 8. */
  columns?: number;
  signal?: AbortSignal;
  /** Told how many images are done. */
  onProgress?: (done: number, total: number) => void;
}

/** What a method found: figures that are ready to be drawn, or a table, or both. */
export interface Explanation {
  readonly figures: readonly FigurePlan[];
  readonly table?: ReportTable;
  /** What follows from the table, in a sentence. */
  readonly conclusion?: string;
}

/** What a method is asked for. */
export interface Request {
  readonly method: string;
  readonly subject: Subject;
  readonly images: ImageSet;
  readonly options: ExplainOptions;
}

export type Method = (request: Request) => Promise<Explanation>;

/** How a method reads the images. */
export const readingOf = ({ subject, options: { signal, onProgress } }: Request) => ({
  preprocessing: subject.preprocessing,
  signal,
  onProgress,
});

/** Where the images stand that a request asks for. */
function indicesOf({ images, options: { index, classes, nth } }: Request): number[] {
  // Images of one's own are of no class, and few: all of them.
  if (index === undefined && !images.labels && !classes && nth === undefined)
    return Array.from({ length: images.count }, (_, i) => i);
  if (index === undefined) return chooseImages(images, { classes, nth }).map((image) => image.index);
  if (classes || nth !== undefined) throw new InputError('Expected an index, or classes and nth, got both');
  if (!(Number.isInteger(index) && index >= 0 && index < images.count))
    throw new InputError(`Expected index to be from 0 to ${images.count - 1}, got ${index}`);
  return [index];
}

/** The images that a request asks for. */
export const pickedBy = (request: Request) => pickImages(request.images, indicesOf(request));

/** The filters that were asked for, each once; 'all' and none typed are undefined. */
export const listOf = (filters: ExplainOptions['filters']) =>
  filters === undefined || filters === 'all' ? undefined : [...new Set(filters)];

/** The layer whose filters a request asks about. */
export const layerOf = ({ subject: { model }, options }: Request) => options.layer ?? layersToShow(model).top;

/** The whole data set and some filters of one layer. */
export function filtersOf(request: Request) {
  const { model } = request.subject;
  const { filters } = request.options;
  const layer = layerOf(request);
  const name = findLayer(model, layer).replace(/:\d+$/, '');
  const width = nestedLayer(model, name).outputShape.at(-1) as number;
  const count = filters === 'all' ? width : Math.min(8, width);
  return {
    layer,
    filters: listOf(filters) ?? Array.from({ length: count }, (_, i) => i),
    ...readingOf(request),
  };
}

/** A layer by its name, or by "outer/inner" inside a nested model. */
function nestedLayer(model: tf.LayersModel, name: string): tf.layers.Layer {
  if (model.layers.some((layer) => layer.name === name)) return model.getLayer(name);
  const [outer, ...inner] = name.split('/');
  return nestedLayer(model.getLayer(outer) as unknown as tf.LayersModel, inner.join('/'));
}

/** A target as it is written in one word; what is the name of a class means that class, also where it is a number. */
export function targetOf({ images, options: { target } }: Request): Target | undefined {
  if (target === undefined || images.classNames.includes(target)) return target;
  if (/^\d+$/.test(target)) return Number(target);
  const channel = /^(.+)#(\d+)$/.exec(target);
  return channel ? { layer: channel[1], channel: Number(channel[2]) } : target;
}

/** What is explained, in words. */
export const explainedIn = (
  { classNames }: Images,
  { classIndex, target }: Pick<Heatmap, 'classIndex' | 'target'>,
) => target ?? classNames[classIndex];

/** Throws an InputError if a request names what its method does not look at. */
export function refuse(
  { method, options }: Request,
  ...without: readonly ('layer' | 'filters' | 'target' | 'classes' | 'nth' | 'index' | 'scale' | 'columns')[]
): void {
  for (const name of without)
    if (options[name] !== undefined)
      throw new InputError(`Expected no ${name} for ${method}, which looks at none`);
}
