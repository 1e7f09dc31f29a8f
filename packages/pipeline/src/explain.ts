import {
  classActivations,
  deconvnet,
  deletionCurves,
  diagnoseInput,
  featureMaps,
  findLayer,
  gradCam,
  gradCamPlusPlus,
  gradientTimesInput,
  guidedBackprop,
  guidedGradCam,
  insertionCurves,
  integratedGradients,
  kernels,
  layerCam,
  layerGradients,
  layerStatistics,
  occlusion,
  saliency,
  sanityCheck,
  scoreCam,
  smoothGrad,
  topActivations,
  type ExplainOptions as AttributionOptions,
  type HeatmapMethod,
  type Target,
} from '@convlens/activations';
import {
  expectOneOf,
  InputError,
  type Heatmap,
  type Images,
  type ImageSet,
  type SanityCheck,
} from '@convlens/core';
import {
  classActivationBars,
  featureMapGrid,
  heatmapOverlay,
  kernelGrid,
  topActivationBars,
  topActivationStrips,
} from '@convlens/render-d3';
import { layerStatisticsTable, type ReportTable } from '@convlens/render-d3/report';
import type * as tf from '@tensorflow/tfjs';
import { chooseImages } from './choose-images.js';
import { expectSameClasses } from './evaluate.js';
import { layersToShow } from './layers-to-show.js';
import { optimizedFigures } from './optimized-figures.js';
import { pickImages } from './pick-images.js';
import { fileName, type FigurePlan } from './report/section.js';
import type { Subject } from './subject.js';

export interface ExplainOptions {
  /** A layer's name, 'first-conv' or 'last-conv'. Default: what the report shows for that method. */
  layer?: string;
  /** Which filters. Default: the first 8 for the methods that look at a whole data set, 'all' for the others. */
  filters?: readonly number[] | 'all';
  /** The classes whose nth image is looked at. Default: three of them. */
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
  signal?: AbortSignal;
  /** Told how many images are done. */
  onProgress?: (done: number, total: number) => void;
}

/** What a method found: figures that are ready to be drawn, or a table. */
export interface Explanation {
  readonly figures: readonly FigurePlan[];
  readonly table?: ReportTable;
}

interface Request {
  readonly subject: Subject;
  readonly images: ImageSet;
  readonly options: ExplainOptions;
}

type Method = (request: Request) => Promise<Explanation>;

const readingOf = ({ subject, options: { signal, onProgress } }: Request) => ({
  preprocessing: subject.preprocessing,
  signal,
  onProgress,
});

/** Where the images stand that a request asks for. */
function indicesOf({ images, options: { index, classes, nth } }: Request): number[] {
  if (index === undefined) return chooseImages(images, { classes, nth }).map((image) => image.index);
  if (classes || nth !== undefined) throw new InputError('Expected an index, or classes and nth, got both');
  if (!(Number.isInteger(index) && index >= 0 && index < images.count))
    throw new InputError(`Expected index to be from 0 to ${images.count - 1}, got ${index}`);
  return [index];
}

/** The filters that were asked for, each once; 'all' and none typed are undefined. */
const listOf = (filters: ExplainOptions['filters']) =>
  filters === undefined || filters === 'all' ? undefined : [...new Set(filters)];

/** The whole data set and some filters of one layer. */
function filtersOf(request: Request) {
  const { model } = request.subject;
  const { layer = layersToShow(model).top, filters } = request.options;
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

/** A target as it is written in one word. */
function targetOf({ options: { target } }: Request): Target | undefined {
  if (target === undefined) return undefined;
  if (/^\d+$/.test(target)) return Number(target);
  const channel = /^(.+)#(\d+)$/.exec(target);
  return channel ? { layer: channel[1], channel: Number(channel[2]) } : target;
}

/** What is explained, in words. */
const explainedIn = (
  { classNames }: Images,
  { classIndex, target }: Pick<Heatmap, 'classIndex' | 'target'>,
) => target ?? classNames[classIndex];

const refuse = (method: string, option: string) => {
  throw new InputError(`Expected no ${option} for ${method}, which has none to look at`);
};

const heatmaps =
  (
    method: (
      model: tf.LayersModel,
      images: Images,
      options: AttributionOptions & { layer?: string },
    ) => Promise<Heatmap[]>,
    { hasLayer = false } = {},
  ): Method =>
  async (request) => {
    const { subject, images, options } = request;
    const { layer } = options;
    if (options.filters) refuse('heatmaps', 'filters');
    if (layer && !hasLayer) refuse('this method', 'layer');
    const picked = pickImages(images, indicesOf(request));
    const maps = await method(subject.model, picked, {
      ...(layer && { layer }),
      target: targetOf(request),
      ...readingOf(request),
    });
    return {
      figures: maps.map((heatmap) => ({
        name: `${heatmap.method}_${heatmap.index}`,
        caption: `What speaks for ${explainedIn(images, heatmap)} in image ${heatmap.index}.`,
        draw: (look) => heatmapOverlay({ heatmap, images }, look),
      })),
    };
  };

/** Methods that the checks of trust compare. */
const CHECKED: Record<string, HeatmapMethod> = {
  saliency,
  'gradient-times-input': gradientTimesInput,
  'integrated-gradients': integratedGradients,
  'guided-backprop': guidedBackprop,
  'guided-grad-cam': guidedGradCam,
  'grad-cam': gradCam,
  'layer-cam': layerCam,
};

/** Of those that are numbers, with three decimals. */
function mean(values: readonly number[]): string {
  const known = values.filter(Number.isFinite);
  return (known.reduce((sum, value) => sum + value, 0) / known.length).toFixed(3);
}

/** At most `most` places out of `count`, evenly apart. */
const everyNth = (count: number, most: number) =>
  Array.from({ length: Math.min(count, most) }, (_, i) => Math.floor((i * count) / Math.min(count, most)));

function refuseFiltersAndLayer(method: string, { options }: Request): void {
  if (options.filters) refuse(method, 'filters');
  if (options.layer) refuse(method, 'layer');
}

const methods = {
  'feature-maps': async (request) => {
    const { subject, images, options } = request;
    const { layer = layersToShow(subject.model).maps, filters } = options;
    const picked = pickImages(images, indicesOf(request));
    const maps = await featureMaps(subject.model, picked, { layer, ...readingOf(request) });
    return {
      figures: maps.indices.map((index, image) => ({
        name: `feature_maps_${fileName(maps.layer)}_${index}`,
        caption: `The maps of ${maps.layer} for image ${index}.`,
        draw: (look) => featureMapGrid(maps, { ...look, image, input: images, filters: listOf(filters) }),
      })),
    };
  },
  kernels: async ({ subject, options }) => {
    const { layer = layersToShow(subject.model).kernels, filters } = options;
    const bank = await kernels(subject.model, { layer });
    return {
      figures: [
        {
          name: `kernels_${fileName(bank.layer)}`,
          caption: `The kernels of ${bank.layer}.`,
          draw: (look) => kernelGrid(bank, { ...look, filters: listOf(filters) }),
        },
      ],
    };
  },
  statistics: async (request) => {
    const { subject, images, options } = request;
    const layers = options.layer ? [options.layer] : layersToShow(subject.model).all;
    const records = await layerStatistics(subject.model, images, { layers, ...readingOf(request) });
    return { figures: [], table: layerStatisticsTable(records) };
  },
  'top-images': async (request) => {
    const { subject, images } = request;
    const options = filtersOf(request);
    const tops = [
      await topActivations(subject.model, images, { ...options, reduction: 'mean' }),
      await topActivations(subject.model, images, { ...options, reduction: 'max' }),
    ];
    return {
      figures: options.filters.map((filter) => ({
        name: `top_images_${fileName(tops[0].layer)}_${filter}`,
        caption: `The images that filter ${filter} of ${tops[0].layer} answers to most.`,
        draw: (look) => topActivationStrips({ tops, images }, { ...look, filter, showField: true }),
      })),
    };
  },
  'top-bars': async (request) => {
    const { subject, images } = request;
    const { classNames } = images;
    const options = filtersOf(request);
    const top = await topActivations(subject.model, images, { ...options, count: 20 });
    return {
      figures: options.filters.map((filter) => ({
        name: `top_bars_${fileName(top.layer)}_${filter}`,
        caption: `The 20 images that filter ${filter} of ${top.layer} answers to most, by class.`,
        draw: (look) => topActivationBars(top, { ...look, filter, classNames }),
      })),
    };
  },
  'class-means': async (request) => {
    const options = filtersOf(request);
    const record = await classActivations(request.subject.model, request.images, options);
    return {
      figures: options.filters.map((filter) => ({
        name: `class_means_${fileName(record.layer)}_${filter}`,
        caption: `How strongly filter ${filter} of ${record.layer} answers to each class on average.`,
        draw: (look) => classActivationBars(record, { ...look, filter }),
      })),
    };
  },
  saliency: heatmaps(saliency),
  'gradient-times-input': heatmaps(gradientTimesInput),
  'guided-backprop': heatmaps(guidedBackprop),
  deconvnet: heatmaps(deconvnet),
  'integrated-gradients': heatmaps(integratedGradients),
  'smooth-grad': heatmaps(smoothGrad),
  occlusion: heatmaps(occlusion),
  'grad-cam': heatmaps(gradCam, { hasLayer: true }),
  'grad-cam-plus-plus': heatmaps(gradCamPlusPlus, { hasLayer: true }),
  'layer-cam': heatmaps(layerCam, { hasLayer: true }),
  'score-cam': heatmaps(scoreCam, { hasLayer: true }),
  'guided-grad-cam': heatmaps(guidedGradCam, { hasLayer: true }),
  'layer-gradients': async (request) => {
    const { subject, images, options } = request;
    const { layer, filters } = options;
    const picked = pickImages(images, indicesOf(request));
    const found = await layerGradients(subject.model, picked, {
      ...(layer && { layer }),
      target: targetOf(request),
      ...readingOf(request),
    });
    return {
      figures: found.indices.map((index, image) => ({
        name: `layer_gradients_${fileName(found.layer)}_${index}`,
        caption:
          `What the maps of ${found.layer} add to ` +
          `${explainedIn(images, { classIndex: found.classIndices[image], target: found.target })} in image ${index}.`,
        draw: (look) => featureMapGrid(found, { ...look, image, input: images, filters: listOf(filters) }),
      })),
    };
  },
  'sanity-check': async (request) => {
    const { subject, images } = request;
    refuseFiltersAndLayer('sanity-check', request);
    const picked = pickImages(images, indicesOf(request));
    const { preprocessing, signal } = readingOf(request);
    const target = targetOf(request);
    const checks: SanityCheck[] = [];
    for (const method of Object.values(CHECKED))
      checks.push(await sanityCheck(subject.model, picked, { method, target, preprocessing, signal }));
    return {
      figures: [],
      table: {
        columns: ['random down to', ...Object.keys(CHECKED)],
        rows: checks[0].steps.map(({ layer }, step) => [
          layer,
          ...checks.map(({ steps }) => mean(steps[step].similarities.map(({ spearman }) => spearman))),
        ]),
      },
    };
  },
  'insertion-deletion': async (request) => {
    const { subject, images } = request;
    refuseFiltersAndLayer('insertion-deletion', request);
    const picked = pickImages(images, indicesOf(request));
    const { preprocessing, signal } = readingOf(request);
    const options = { preprocessing, signal };
    const rows = [];
    for (const [name, method] of Object.entries(CHECKED)) {
      const maps = await method(subject.model, picked, { ...options, target: targetOf(request) });
      // A map of a channel says which pixels it likes, not what its score is: the same target again.
      const target = maps.some(({ classIndex }) => classIndex < 0) ? targetOf(request) : undefined;
      const given = { ...options, ...(target !== undefined && { target }), heatmaps: maps };
      const inserted = await insertionCurves(subject.model, picked, given);
      const deleted = await deletionCurves(subject.model, picked, given);
      rows.push([name, ...[inserted, deleted].map((curves) => mean(curves.map(({ auc }) => auc)))]);
    }
    return {
      figures: [],
      table: { columns: ['method', 'insertion (high is good)', 'deletion (low is good)'], rows },
    };
  },
  'diagnose-input': async (request) => {
    const { subject, images } = request;
    refuseFiltersAndLayer('diagnose-input', request);
    const some = pickImages(images, everyNth(images.count, 500));
    const { signal, onProgress } = readingOf(request);
    const { conclusion, trials } = await diagnoseInput(subject.model, some, { signal, onProgress });
    return {
      figures: [],
      table: {
        columns: ['fed with', 'channels', 'axes', 'accuracy', 'with classes renamed'],
        rows: [
          ...trials.map((trial) => [
            trial.scaling,
            trial.channelOrder,
            trial.axes,
            trial.accuracy.toFixed(3),
            trial.renamedAccuracy.toFixed(3),
          ]),
          [conclusion, '', '', '', ''],
        ],
      },
    };
  },
  optimize: async (request) => {
    const { subject, images, options } = request;
    const { classes, signal, onProgress } = options;
    const chosen = options.layer === undefined ? {} : filtersOf(request);
    return optimizedFigures(subject, images, { ...chosen, classes, signal, onProgress });
  },
} satisfies Record<string, Method>;

/** Every method that `explain` knows. */
export const methodNames = Object.keys(methods) as (keyof typeof methods)[];

/** Looks inside a model by one method. */
export async function explain(
  subject: Subject,
  { method, images, ...options }: ExplainOptions & { method: string; images: ImageSet },
): Promise<Explanation> {
  expectSameClasses(subject, images);
  const look: Method = methods[expectOneOf('method', method, methodNames)];
  return look({ subject, images, options });
}
