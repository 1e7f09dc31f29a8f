import {
  expectObject,
  expectImageArray,
  expectOptions,
  formatCount,
  formatDuration,
  formatPercent,
  InputError,
  type EpochRecord,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import type { LayerClass } from '@convlens/models';
import type { ReportSection } from '@convlens/render-d3/report';
import { readText, type BlobStore } from '@convlens/storage';
import { RENDER_FIGURES_OPTIONS, type RenderFiguresOptions } from '../figures/render-figures.js';
import { epochDivergence } from '../divergence/epoch-divergence.js';
import { expectSameClasses } from '../evaluation/evaluate.js';
import { saveEvaluation } from '../evaluation/save-evaluation.js';
import { openModel } from '../run/open-model.js';
import { RUN_FILES } from '../run/run-folder.js';
import { dataName } from '../recorded/recorded-settings.js';
import { expectImagesOfRun } from '../recorded/same-images.js';
import { savedEpoch, totalSeconds } from '../run/run-summary.js';
import { trainingImages } from '../run/split-training-images.js';
import type { ReportDetail } from './data/detail.js';
import { collectReportData, type ReportData } from './data/report-data.js';
import { buildSections, type ReportSectionDefinition } from './sections/report-section.js';
import { REPORT_SECTIONS } from './sections/report-sections.js';
import { writeReport, type ReportHead } from './write-report.js';

export interface ReportRunOptions extends RenderFiguresOptions {
  /** The run folder. */
  readonly store: BlobStore;
  /** The folder of the figures, the report and the evaluation. Default: the run folder. */
  readonly output?: BlobStore;
  readonly train: ImageSet;
  readonly test: ImageSet;
  /**
   * How much is computed: 'brief' has no optimized images and no faithfulness tests, 'full' has more of them.
   * Default 'normal'.
   */
  readonly detail?: ReportDetail;
  /** The sections. Default REPORT_SECTIONS. */
  readonly sections?: readonly ReportSectionDefinition<ReportData>[];
  /** Layer classes of the caller's that the model needs. Default none. */
  readonly customLayers?: readonly LayerClass[];
  /** Sections with rendered figures, before and after the others. Default none. */
  readonly before?: readonly ReportSection[];
  readonly after?: readonly ReportSection[];
  /** A remark on the run, shown after the subtitle. Default none. */
  readonly remark?: string;
  /** Called with the number of test images done and their total. */
  readonly onProgress?: (done: number, total: number) => void;
}

const REPORT_RUN_OPTIONS: OptionNames<ReportRunOptions> = {
  ...RENDER_FIGURES_OPTIONS,
  output: true,
  train: true,
  test: true,
  detail: true,
  sections: true,
  customLayers: true,
  before: true,
  after: true,
  remark: true,
  onProgress: true,
};

/**
 * Evaluates and explains the model of a run on its test images, and writes all figures (SVG, PNG) and
 * report.html, which contains them, into the run folder, or into `output`.
 *
 * @throws InputError if the folder is not a run folder, the images have other classes than the model, or `train` is not what it was trained on.
 */
export async function reportRun(options: ReportRunOptions): Promise<ReportData> {
  expectOptions('reportRun', options, REPORT_RUN_OPTIONS);
  expectObject('the options of reportRun', options);
  expectImageArray('test', options.test);
  const { store, output = store, document, toPng, onFigure, signal, onProgress } = options;
  const { train, test, detail, sections = REPORT_SECTIONS, customLayers, before, after, remark } = options;
  const opened = await openModel(store, { customLayers });
  const { run, model } = opened;
  try {
    if (!run)
      throw new InputError(`Expected a run folder, found a model without its run in ${store.location}`);
    expectSameClasses(opened, test);
    await expectImagesOfRun(run.description, train);
    const { settings, backend } = run.description;
    const { history } = run;
    const data = await collectReportData(opened, {
      settings,
      history,
      train,
      test,
      detail,
      signal,
      onProgress,
    });
    await saveEvaluation(output, run.summary, data.evaluation);
    await writeReport(reportHead(data, { backend, remark }), {
      store: output,
      notes: await readText(store, RUN_FILES.notes),
      document,
      toPng,
      onFigure,
      signal,
      sections: buildSections(sections, data),
      before,
      after,
    });
    return data;
  } finally {
    model.dispose();
  }
}

function reportHead(data: ReportData, { backend, remark }: { backend: string; remark?: string }): ReportHead {
  const { settings, history, evaluation, train, test } = data;
  const { model, optimizer, learningRate, batchSize, seed } = settings;
  const trained = formatCount(trainingImages(train, settings).count);
  const subtitle = `Trained on ${trained} images of ${dataName(settings.data)}, tested on ${formatCount(test.count)}.`;
  return {
    title: `What ${model.split(/[\\/]/).at(-1)} learned`,
    subtitle: [subtitle, remark].filter(Boolean).join(' '),
    facts: [
      { label: 'test accuracy', value: formatPercent(evaluation.accuracy) },
      { label: 'test loss', value: evaluation.loss.toFixed(4) },
      { label: 'epochs', value: describeEpochs(history) },
      { label: 'training time', value: formatDuration(totalSeconds(history)) },
      { label: 'optimizer', value: `${optimizer}, ${learningRate}` },
      { label: 'batch size', value: batchSize },
      { label: 'seed', value: seed },
      { label: 'backend', value: backend },
    ],
  };
}

/** "5, best 3", and whether the last is diverged. */
function describeEpochs(history: readonly EpochRecord[]): string {
  const diverged = epochDivergence(history.at(-1)!) === undefined ? '' : ', diverged';
  return `${history.length}${diverged}, best ${savedEpoch(history).epoch + 1}`;
}
