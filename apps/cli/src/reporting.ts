import { join } from 'node:path';
import type { BlobStore } from '@convlens/storage';
import type { ImageSet } from '@convlens/core';
import {
  readRun,
  reportDetails,
  reportRun,
  runNames,
  type ReportDetail,
  type ReportMaterials,
} from '@convlens/pipeline';
import { Option } from 'commander';
import type { Console } from './console.js';
import { dataFolder } from './data-folder.js';
import { openDataset } from './dataset.js';
import { drawing } from './drawing.js';
import { customLayersOf } from './subject.js';

interface Request {
  store: BlobStore;
  /** As typed; default: where the run found its data. */
  dataDir?: string;
  /** As typed; default: normal. */
  detail?: string;
  /** Those of its data set, where they are loaded already. */
  images?: RunImages;
}

interface RunImages {
  train: ImageSet;
  test: ImageSet;
}

export const detailOption = () =>
  new Option(
    '--detail <how>',
    'images made for filters and tests of heatmaps: none (brief), a few, or many (full)',
  )
    .choices([...reportDetails])
    .default('normal');

/** Loads the images that a run is reported on; what is not there is fetched. */
export async function loadImagesOf(
  { store, dataDir: typed }: Pick<Request, 'store' | 'dataDir'>,
  console: Console,
  signal: AbortSignal,
): Promise<RunImages> {
  const { description } = await readRun(store);
  const { data, limit } = description.settings;
  const dataDir = dataFolder(typed, description);
  return {
    train: await openDataset({ data, dataDir, limit, split: 'train' }, console, signal),
    test: await openDataset({ data, dataDir, split: 'test' }, console, signal),
  };
}

/** Makes the figures and the report of a run, with a bar, and says where they are. */
export async function report(
  request: Request,
  console: Console,
  signal: AbortSignal,
): Promise<ReportMaterials> {
  const { store } = request;
  const { train, test } = request.images ?? (await loadImagesOf(request, console, signal));
  const bar = console.bar('looking inside');
  const names: string[] = [];
  try {
    const materials = await reportRun({
      ...drawing(),
      store,
      train,
      test,
      detail: request.detail as ReportDetail,
      customLayers: await customLayersOf(store, console),
      signal,
      onProgress: (done, total) => bar.update(done, total),
      onFigure: (name) => names.push(name),
    });
    bar.stop();
    sayWhere({ store, figures: names }, console);
    return materials;
  } finally {
    bar.stop();
  }
}

/** Says where the figures and the report of a run are. */
export function sayWhere(
  { store, figures: names }: { store: BlobStore; figures: readonly string[] },
  console: Console,
): void {
  const figures = join(store.location, runNames.figures);
  console.event('figures', { path: figures, names }, `${names.length} figures (SVG and PNG): ${figures}`);
  const path = join(store.location, runNames.report);
  console.event('report', { path }, `report: ${path}`);
}
