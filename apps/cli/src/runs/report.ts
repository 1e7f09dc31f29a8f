import { join } from 'node:path';
import type { ImageSet } from '@convlens/core';
import type { LayerClass } from '@convlens/models';
import {
  folderOptionsOf,
  isFolderPath,
  readRun,
  reportRun,
  RUN_FILES,
  type ReportData,
  type ReportDetail,
} from '@convlens/pipeline';
import type { BlobStore } from '@convlens/storage';
import { resolveRunData } from '../data/data-dir.js';
import { openDataset } from '../data/open-dataset.js';
import { renderOptions } from '../figures/render-options.js';
import type { Console } from '../terminal/console.js';

interface ReportRequest {
  /** The run folder. */
  store: BlobStore;
  /** The folder of the figures and of the report; default: the run folder. */
  output?: BlobStore;
  /** The option --data: the data set of the run, where it is a folder. */
  data?: string;
  /** The option --data-dir. */
  dataDir?: string;
  /** The layer classes that the model needs; default: none. */
  customLayers?: readonly LayerClass[];
  /** The option --detail. */
  detail?: string;
  /** The images of the run's data set, if they are loaded already. */
  images?: RunImages;
}

interface RunImages {
  train: ImageSet;
  test: ImageSet;
}

/** Loads the images of a run's data set; missing files are downloaded. */
export async function loadRunImages(
  { store, ...flags }: Pick<ReportRequest, 'store' | 'data' | 'dataDir'>,
  console: Console,
  signal: AbortSignal,
): Promise<RunImages> {
  const { description } = await readRun(store);
  const { limit } = description.settings;
  const used = await resolveRunData(flags, description, console);
  const request = { ...used, ...(isFolderPath(used.data) && folderOptionsOf(description.settings)) };
  return {
    train: await openDataset({ ...request, limit, split: 'train' }, console, signal),
    test: await openDataset({ ...request, split: 'test' }, console, signal),
  };
}

/** Renders the figures and the report of a run with a progress bar, and prints their paths. */
export async function report(
  request: ReportRequest,
  console: Console,
  signal: AbortSignal,
): Promise<ReportData> {
  const { store, output = store, customLayers } = request;
  const { train, test } = request.images ?? (await loadRunImages(request, console, signal));
  const bar = console.bar('computing figures');
  const names: string[] = [];
  try {
    const data = await reportRun({
      ...renderOptions(),
      store,
      output,
      train,
      test,
      detail: request.detail as ReportDetail,
      customLayers,
      signal,
      onProgress: (done, total) => bar.update(done, total),
      onFigure: (name) => names.push(name),
    });
    bar.stop();
    printReportPaths({ store: output, figures: names }, console);
    return data;
  } finally {
    bar.stop();
  }
}

/** Prints the paths of the figures and of the report of a run. */
export function printReportPaths(
  { store, figures: names }: { store: BlobStore; figures: readonly string[] },
  console: Console,
): void {
  const figures = join(store.location, RUN_FILES.figures);
  console.event('figures', { path: figures, names }, `${names.length} figures (SVG and PNG): ${figures}`);
  const path = join(store.location, RUN_FILES.report);
  console.event('report', { path }, `report: ${path}`);
}
