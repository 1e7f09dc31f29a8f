import { featureMaps, kernels, layerStatistics, predictions } from '@convlens/activations';
import {
  expectObject,
  expectImageArray,
  expectOneOf,
  expectOptions,
  formatCount,
  formatPercent,
  indexRange,
  InputError,
  selectImages,
  type ImageSet,
  type OptionNames,
  type Prediction,
} from '@convlens/core';
import { summarizeModel, type LayerClass } from '@convlens/models';
import { readText, type BlobStore } from '@convlens/storage';
import type { ExampleImage } from '../data/select-examples.js';
import { RENDER_FIGURES_OPTIONS, type RenderFiguresOptions } from '../figures/render-figures.js';
import { representativeLayers } from '../figures/representative-layers.js';
import { openModel, type OpenModel } from '../run/open-model.js';
import { dataName } from '../recorded/recorded-settings.js';
import { RUN_FILES } from '../run/run-folder.js';
import { collectAttributions } from './data/attributions.js';
import { REPORT_DETAILS, type ReportDetail } from './data/detail.js';
import { collectDetailedData } from './data/report-data.js';
import { buildSections } from './sections/report-section.js';
import { IMAGE_REPORT_SECTIONS, type ImageReportData } from './sections/report-sections.js';
import { writeReport, type ReportHead } from './write-report.js';

export interface ReportImagesOptions extends RenderFiguresOptions {
  /** The run folder. */
  readonly store: BlobStore;
  /** The images; labels are ignored. */
  readonly images: ImageSet;
  /** The images that are explained one by one, with their names in figures. Default: all, by their index. */
  readonly examples?: readonly ExampleImage[];
  /** How much is computed, as in `reportRun`. Default 'normal'. */
  readonly detail?: ReportDetail;
  /** Layer classes of the caller's that the model needs. Default none. */
  readonly customLayers?: readonly LayerClass[];
}

const REPORT_IMAGES_OPTIONS: OptionNames<ReportImagesOptions> = {
  ...RENDER_FIGURES_OPTIONS,
  images: true,
  examples: true,
  detail: true,
  customLayers: true,
};

/**
 * Explains the predictions of a model for images without labels, such as the user's own, and writes all
 * figures (SVG, PNG) and report.html, which contains them, into the run folder. The report has the sections
 * of `reportRun` that need no labels.
 *
 * @returns the predictions for the examples
 * @throws InputError if there are no images.
 */
export async function reportImages(options: ReportImagesOptions): Promise<Prediction[]> {
  expectOptions('reportImages', options, REPORT_IMAGES_OPTIONS);
  expectObject('the options of reportImages', options);
  expectImageArray('images', options.images);
  const { store, images, customLayers, document, toPng, signal, onFigure } = options;
  const opened = await openModel(store, { customLayers });
  try {
    const data = await collectImageReportData(opened, options);
    const sections = buildSections(IMAGE_REPORT_SECTIONS, data);
    const notes = await readText(store, RUN_FILES.notes);
    const head = reportHead(opened, images);
    await writeReport(head, { sections, notes, store, document, toPng, signal, onFigure });
    return [...data.predictions];
  } finally {
    opened.model.dispose();
  }
}

async function collectImageReportData(
  opened: OpenModel,
  { images, examples = defaultExamples(images), detail = 'normal', signal }: ReportImagesOptions,
): Promise<ImageReportData> {
  if (examples.length === 0) throw new InputError(`Expected images to explain, got none of ${images.name}`);
  expectOneOf('detail', detail, REPORT_DETAILS);
  const { model, preprocessing } = opened;
  const readOptions = { preprocessing, signal };
  const layers = representativeLayers(model);
  const exampleImages = selectImages(
    images,
    examples.map(({ index }) => index),
  );
  return {
    test: images,
    examples,
    layers,
    modelSummary: summarizeModel(model),
    predictions: await predictions(model, exampleImages, readOptions),
    featureMaps: await featureMaps(model, exampleImages, { layer: layers.early, ...readOptions }),
    kernels: await kernels(model, { layer: layers.kernels }),
    layerStatistics: await layerStatistics(model, images, { layers: layers.convolutions, ...readOptions }),
    ...(await collectAttributions(opened, exampleImages, signal)),
    ...(await collectDetailedData(opened, images, { detail, layer: layers.middle, signal })),
  };
}

const defaultExamples = (images: ImageSet): ExampleImage[] =>
  Array.from(indexRange(images.count), (index) => ({ className: `image ${index}`, index }));

function reportHead({ model, run }: OpenModel, images: ImageSet): ReportHead {
  const name = run?.description.settings.model.split(/[\\/]/).at(-1) ?? model.name;
  const test = run?.summary?.test;
  return {
    title: `Predictions of ${name} for ${images.name}`,
    subtitle:
      run &&
      `Trained on ${dataName(run.description.settings.data)} for ${formatCount(run.history.length, 'epoch')}.`,
    facts: [
      ...(test ? [{ label: `accuracy on ${test.name}`, value: formatPercent(test.accuracy) }] : []),
      { label: 'parameters', value: formatCount(model.countParams()) },
      { label: 'images', value: images.count },
    ],
  };
}
