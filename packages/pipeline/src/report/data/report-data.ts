import {
  classSeparability,
  compareGroups,
  featureMaps,
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
  optimalStimuli,
  similarFilters,
} from '@convlens/activations';
import {
  expectRecords,
  expectObject,
  expectOneOf,
  expectOptions,
  selectImages,
  type ClassActivations,
  type ClassSeparability,
  type EpochRecord,
  type Evaluation,
  type FeatureMaps,
  type FilterBank,
  type GroupComparison,
  type ImageSet,
  type LayerStatistics,
  type Mistakes,
  type ModelSummary,
  type OptimalStimulus,
  type OptionNames,
  type Prediction,
  type SimilarFilters,
  type StrongestFilters,
  type TopActivations,
} from '@convlens/core';
import { summarizeModel } from '@convlens/models';
import { sampleImages } from '../../data/sample-images.js';
import { selectExamples, type ExampleImage } from '../../data/select-examples.js';
import { classRecords, type ClassRecords } from '../../evaluation/class-records.js';
import { representativeLayers, type RepresentativeLayers } from '../../figures/representative-layers.js';
import { expectOpenModel } from '../../run/expect-open-model.js';
import type { OpenModel } from '../../run/open-model.js';
import type { RunSettings } from '../../run/run-settings.js';
import { collectAttributions, type ReportAttributions } from './attributions.js';
import { DETAIL_BUDGETS, REPORT_DETAILS, type ReportDetail } from './detail.js';
import { measureFaithfulness, type Faithfulness } from './faithfulness.js';
import { collectFeatureVisualizations, type FeatureVisualizations } from './feature-visualization.js';

/** The records that the report of a run is rendered from. */
export interface ReportData extends TestSetData, LayerGroups, ReportAttributions, DetailedData {
  readonly settings: RunSettings;
  readonly history: readonly EpochRecord[];
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly layers: RepresentativeLayers;
  readonly examples: readonly ExampleImage[];
  /** Filters of `layers.middle`. */
  readonly filters: readonly number[];
  readonly modelSummary: ModelSummary;
  /** Of the example images. */
  readonly predictions: readonly Prediction[];
  /** Of `layers.early`, for the example images. */
  readonly featureMaps: FeatureMaps;
  /** Of `layers.kernels`. */
  readonly kernels: FilterBank;
  /** Of `layers.kernels`; empty unless the images are gray or in color. */
  readonly optimalStimuli: readonly OptimalStimulus[];
  /** Of `layers.kernels`. */
  readonly similarFilters: SimilarFilters;
  /** Of `layers.convolutions`, over some test images (`sampleImages`). */
  readonly layerStatistics: readonly LayerStatistics[];
}

/** The records of one pass over the test images. */
export interface TestSetData extends ClassRecords {
  readonly evaluation: Evaluation;
  readonly mistakes: Mistakes;
  /** Of `filters`, by the mean of the feature map. */
  readonly topByMean: TopActivations;
  /** Of `filters`, by the maximum of the feature map. */
  readonly topByMax: TopActivations;
  /** Of `filters`. */
  readonly classActivations: ClassActivations;
  /** Of `layers.middle`. */
  readonly strongestFilters: StrongestFilters;
}

/** Statistics of groups of images, for each of `layers.convolutions`, over the images of `layerStatistics`. */
export interface LayerGroups {
  readonly separability: readonly ClassSeparability[];
  /** Empty if a group has fewer than two images. */
  readonly correctVersusWrong: readonly GroupComparison[];
}

/** What takes long; undefined in a brief report. */
export interface DetailedData {
  readonly featureVisualization?: FeatureVisualizations;
  readonly faithfulness?: Faithfulness;
}

export interface CollectReportDataOptions {
  readonly settings: RunSettings;
  readonly history: readonly EpochRecord[];
  readonly train: ImageSet;
  readonly test: ImageSet;
  /** How much is computed of what takes long. Default 'normal'. */
  readonly detail?: ReportDetail;
  readonly signal?: AbortSignal;
  /** Called with the number of test images done and their total. */
  readonly onProgress?: (done: number, total: number) => void;
}

const COLLECT_REPORT_DATA_OPTIONS: OptionNames<CollectReportDataOptions> = {
  settings: true,
  history: true,
  train: true,
  test: true,
  detail: true,
  signal: true,
  onProgress: true,
};

/** The filters that are shown, as far as the layer has them. */
const FILTERS = [0, 10, 25];
/** The number of top images per filter: enough for the bars of 20. */
const TOP_COUNT = 20;
const MISTAKE_COUNT = 16;
const SIMILAR_PAIRS = 10;
/** The number of images for statistics of single values, which are slow and converge early. */
const STATISTICS_IMAGES = 1000;

/**
 * Computes the records of a report: in one pass over all test images, and for some images in detail.
 *
 * @throws InputError as `selectExamples` and `representativeLayers` do.
 */
export async function collectReportData(
  opened: OpenModel,
  options: CollectReportDataOptions,
): Promise<ReportData> {
  expectOptions('collectReportData', options, COLLECT_REPORT_DATA_OPTIONS);
  expectObject('the options of collectReportData', options);
  expectOpenModel('opened', opened);
  expectRecords('EpochRecord', 'history', options.history);
  const { settings, history, train, test, detail = 'normal', signal, onProgress } = options;
  expectOneOf('detail', detail, REPORT_DETAILS);
  const { model, preprocessing } = opened;
  const readOptions = { preprocessing, signal };
  const layers = representativeLayers(model);
  const width = model.getLayer(layers.middle).outputShape.at(-1) as number;
  const filters = FILTERS.filter((filter) => filter < width);
  const { predictions, ...testSetData } = await observeTestSet(opened, test, {
    layer: layers.middle,
    filters,
    signal,
    onProgress,
  });
  const examples = selectExamples(test);
  const indices = examples.map(({ index }) => index);
  const exampleImages = selectImages(test, indices);
  const sample = sampleImages(test, { data: settings.data, count: STATISTICS_IMAGES });
  return {
    settings,
    history,
    train,
    test,
    layers,
    examples,
    filters,
    modelSummary: summarizeModel(model),
    ...testSetData,
    predictions: indices.map((index) => predictions[index]),
    featureMaps: await featureMaps(model, exampleImages, { layer: layers.early, ...readOptions }),
    kernels: await kernels(model, { layer: layers.kernels }),
    optimalStimuli: [1, 3].includes(test.channels)
      ? await optimalStimuli(model, { layer: layers.kernels })
      : [],
    similarFilters: await similarFilters(model, sample, {
      layer: layers.kernels,
      pairs: SIMILAR_PAIRS,
      ...readOptions,
    }),
    layerStatistics: await layerStatistics(model, sample, { layers: layers.convolutions, ...readOptions }),
    ...(await collectLayerGroups(opened, sample, { layers: layers.convolutions, signal })),
    ...(await collectAttributions(opened, exampleImages, signal)),
    ...(await collectDetailedData(opened, test, { detail, layer: layers.middle, signal })),
  };
}

interface ObserveTestSetOptions {
  readonly layer: string;
  readonly filters: readonly number[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

async function observeTestSet(
  opened: OpenModel,
  test: ImageSet,
  { layer, filters, signal, onProgress }: ObserveTestSetOptions,
): Promise<TestSetData & { predictions: readonly Prediction[] }> {
  const { model, preprocessing } = opened;
  const [evaluation, mistakes, predictions, topByMean, topByMax, classActivations, strongestFilters] =
    await observe(model, test, {
      preprocessing,
      signal,
      onProgress,
      observers: [
        observeEvaluation(),
        observeMistakes({ count: MISTAKE_COUNT }),
        observePredictions(),
        observeTopActivations({ layer, filters, count: TOP_COUNT, reduction: 'mean' }),
        observeTopActivations({ layer, filters, count: TOP_COUNT, reduction: 'max' }),
        observeClassActivations({ layer, filters, reduction: 'mean' }),
        observeStrongestFilters({ layer }),
      ],
    });
  return {
    evaluation,
    ...classRecords(opened, { evaluation, predictions }),
    mistakes,
    predictions,
    topByMean,
    topByMax,
    classActivations,
    strongestFilters,
  };
}

async function collectLayerGroups(
  { model, preprocessing }: OpenModel,
  images: ImageSet,
  { layers, signal }: { layers: readonly string[]; signal?: AbortSignal },
): Promise<LayerGroups> {
  const classObservers = layers.map((layer) => observeGroupActivations({ layer }));
  const outcomeObservers = layers.map((layer) => observeGroupActivations({ layer, groups: 'outcome' }));
  const groups = await observe(model, images, {
    preprocessing,
    signal,
    observers: [...classObservers, ...outcomeObservers],
  });
  const classes = groups.slice(0, layers.length);
  const outcomes = groups.slice(layers.length);
  const areComparable = outcomes.every(({ counts }) => counts.every((count) => count > 1));
  return {
    separability: classes.map((record) => classSeparability(record)),
    correctVersusWrong: areComparable ? outcomes.map((record) => compareGroups(record)) : [],
  };
}

/** The records that the detail of a report determines. */
export async function collectDetailedData(
  opened: OpenModel,
  images: ImageSet,
  { detail, layer, signal }: { detail: ReportDetail; layer: string; signal?: AbortSignal },
): Promise<DetailedData> {
  const budget = DETAIL_BUDGETS[detail];
  if (!budget) return {};
  return {
    featureVisualization: await collectFeatureVisualizations(opened, images, { layer, budget, signal }),
    faithfulness: await measureFaithfulness(opened, images, {
      imageCount: budget.faithfulnessImages,
      signal,
    }),
  };
}
