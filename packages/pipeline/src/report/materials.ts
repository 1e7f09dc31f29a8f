import {
  classSeparability,
  compareGroups,
  exactInputs,
  featureMaps,
  gradCam,
  guidedBackprop,
  kernels,
  layerStatistics,
  observe,
  observeClassActivations,
  observeEvaluation,
  observeGroupActivations,
  observeMistakes,
  observePredictions,
  observeStrongestFilters,
  observeTopActivations,
  saliency,
  similarFilters,
} from '@convlens/activations';
import { expectOneOf } from '@convlens/core';
import type {
  ClassActivations,
  ClassSeparability,
  EpochRecord,
  Evaluation,
  ExactInput,
  FeatureMaps,
  FilterBank,
  GroupComparison,
  Heatmap,
  ImageSet,
  LayerStatistics,
  Mistakes,
  ModelSummary,
  Prediction,
  SimilarFilters,
  StrongestFilters,
  TopActivations,
} from '@convlens/core';
import { take } from '@convlens/image-set';
import { summarizeModel } from '@convlens/models';
import { chooseImages, type ChosenImage } from '../choose-images.js';
import { layersToShow, type LayersToShow } from '../layers-to-show.js';
import { pickImages } from '../pick-images.js';
import type { RunSettings } from '../settings.js';
import type { Subject } from '../subject.js';
import { closeness, reportDetails, type ReportDetail } from './detail.js';
import { makeImages, type MadeImages } from './made-images.js';
import { testTrust, type Trust } from './trust.js';

/** Everything that a report of a run shows: records only. */
export interface ReportMaterials {
  readonly settings: RunSettings;
  readonly history: readonly EpochRecord[];
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly layers: LayersToShow;
  readonly chosen: readonly ChosenImage[];
  /** Of `layers.top`. */
  readonly filters: readonly number[];
  readonly summary: ModelSummary;
  readonly evaluation: Evaluation;
  readonly mistakes: Mistakes;
  /** Of the chosen images, in their order. */
  readonly predictions: readonly Prediction[];
  readonly maps: FeatureMaps;
  readonly kernels: FilterBank;
  /** Of `layers.kernels`, where it reads an image as it is. */
  readonly exact: readonly ExactInput[];
  readonly byMean: TopActivations;
  readonly byMax: TopActivations;
  readonly byClass: ClassActivations;
  /** Of `layers.top`, over all test images. */
  readonly strongest: StrongestFilters;
  /** Of `layers.kernels`. */
  readonly similar: SimilarFilters;
  readonly statistics: readonly LayerStatistics[];
  /** Of `layers.all`, over the same images as the statistics. */
  readonly separability: readonly ClassSeparability[];
  /** The images that the network gets right beside those it gets wrong; none if it gets all right or all wrong. */
  readonly outcomes: readonly GroupComparison[];
  /** Grad-CAM, one a chosen image. */
  readonly heatmaps: readonly Heatmap[];
  /** The same images by methods that look at every pixel. */
  readonly pixelMaps: readonly Heatmap[];
  /** Unless the report is brief. */
  readonly made?: MadeImages;
  readonly trust?: Trust;
}

export interface GatherOptions {
  settings: RunSettings;
  history: readonly EpochRecord[];
  train: ImageSet;
  test: ImageSet;
  /** How closely it looks at what takes long. Default 'normal'. */
  detail?: ReportDetail;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/** Filters to look at, as far as a layer has them. */
const FILTERS = [0, 10, 25];
/** Images that the strongest answers are kept of: enough for the bars of 20. */
const TOP = 20;
/** The surest mistakes that are shown. */
const MISTAKES = 16;
/** Pairs of filters that are most alike. */
const SIMILAR = 10;
/** Statistics look at every single value; so many images settle them. */
const STATISTICS_IMAGES = 1000;

/** Looks inside a trained model: once through all test images, and closer at a few. */
export async function gatherMaterials(subject: Subject, options: GatherOptions): Promise<ReportMaterials> {
  const { settings, history, train, test, detail = 'normal', signal, onProgress } = options;
  const close = closeness[expectOneOf('detail', detail, reportDetails)];
  const { model, preprocessing } = subject;
  const layers = layersToShow(model);
  const width = model.getLayer(layers.top).outputShape.at(-1) as number;
  const filters = FILTERS.filter((filter) => filter < width);
  const reading = { preprocessing, signal };
  const top = (reduction: 'mean' | 'max') =>
    observeTopActivations({ layer: layers.top, filters, count: TOP, reduction });

  const [evaluation, mistakes, predictions, byMean, byMax, byClass, strongest] = await observe(model, test, {
    ...reading,
    onProgress,
    observers: [
      observeEvaluation(),
      observeMistakes({ count: MISTAKES }),
      observePredictions(),
      top('mean'),
      top('max'),
      observeClassActivations({ layer: layers.top, filters, reduction: 'mean' }),
      observeStrongestFilters({ layer: layers.top }),
    ],
  });
  const chosen = chooseImages(test);
  const indices = chosen.map(({ index }) => index);
  const picked = pickImages(test, indices);
  const sample = take(test, Math.min(test.count, STATISTICS_IMAGES));
  const byOutcome = layers.all.map((layer) => observeGroupActivations({ layer, groups: 'outcome' }));
  const byLabel = layers.all.map((layer) => observeGroupActivations({ layer }));
  const groups = await observe(model, sample, { ...reading, observers: [...byLabel, ...byOutcome] });
  const outcomes = groups.slice(layers.all.length);
  const isMixed = outcomes.every(({ counts }) => counts.every((count) => count > 1));
  return {
    settings,
    history,
    train,
    test,
    layers,
    chosen,
    filters,
    summary: summarizeModel(model),
    evaluation,
    mistakes,
    predictions: indices.map((index) => predictions[index]),
    maps: await featureMaps(model, picked, { layer: layers.maps, ...reading }),
    kernels: await kernels(model, { layer: layers.kernels }),
    exact: [1, 3].includes(test.channels) ? await exactInputs(model, { layer: layers.kernels }) : [],
    byMean,
    byMax,
    byClass,
    strongest,
    similar: await similarFilters(model, sample, { layer: layers.kernels, pairs: SIMILAR, ...reading }),
    statistics: await layerStatistics(model, sample, { layers: layers.all, ...reading }),
    separability: groups.slice(0, layers.all.length).map((record) => classSeparability(record)),
    outcomes: isMixed ? outcomes.map((record) => compareGroups(record)) : [],
    heatmaps: await gradCam(model, picked, { target: 'predicted', ...reading }),
    pixelMaps: [
      ...(await saliency(model, picked, { target: 'predicted', ...reading })),
      ...(await guidedBackprop(model, picked, { target: 'predicted', ...reading })),
    ],
    ...(close && {
      made: await makeImages(subject, test, { layer: layers.top, closeness: close, signal }),
      trust: await testTrust(subject, test, { trials: close.trials, signal }),
    }),
  };
}
