import { InputError, type ImageSet } from '@convlens/core';
import {
  dataName,
  fitImages,
  folderOptionsOf,
  imageShapeOf,
  isFolderPath,
  type FitImagesOptions,
  type OpenModel,
} from '@convlens/pipeline';
import type { Console } from '../terminal/console.js';
import { resolveDataDir, resolveRunData } from './data-dir.js';
import type { DatasetRequest } from './open-dataset.js';

/** The flags that say which images a model is evaluated on. */
export interface ModelImageFlags extends Pick<FitImagesOptions, 'size' | 'background'> {
  data?: string;
  dataDir?: string;
}

/** Loads the test images of a data set, or of a folder in a size. */
export type LoadTestImages = (
  request: Pick<DatasetRequest, 'data' | 'dataDir' | 'height' | 'width' | 'fit' | 'labels' | 'background'>,
) => Promise<ImageSet>;

interface ModelImageContext {
  flags: ModelImageFlags;
  console: Console;
  loadDataset: LoadTestImages;
}

/**
 * The test images of --data, by default those of the data set that the model was trained on, in the size and with the channels that
 * the model reads.
 */
export async function loadModelImages(opened: OpenModel, context: ModelImageContext): Promise<ImageSet> {
  const { flags, console, loadDataset } = context;
  const { size, background } = flags;
  const description = opened.run?.description;
  if (!description && !flags.data)
    throw new InputError(
      'Expected --data, the data set to evaluate or explain the model on (see convlens list data)',
    );
  const { data, dataDir } = description
    ? await resolveRunData(flags, description, console)
    : { data: flags.data!, dataDir: resolveDataDir(flags.dataDir) };
  const ofFolder = isFolderPath(data) ? folderImageOptions(opened, data, flags) : {};
  const images = await loadDataset({
    data,
    dataDir,
    ...ofFolder,
    background: background ?? ofFolder.background,
  });
  return fitImages(images, opened, { size, background, onWarning: (text) => console.warn(text) });
}

/** How images of a folder are read: as those that a run was trained on, in the size that the model reads. */
function folderImageOptions(
  opened: OpenModel,
  data: string,
  flags: ModelImageFlags,
): ReturnType<typeof folderOptionsOf> {
  const settings = opened.run?.description.settings;
  if (!settings) return folderImageSize(opened, flags);
  const { labels, ...saved } = folderOptionsOf(settings);
  const size = settings.size || flags.size || !hasFixedSize(opened) ? {} : folderImageSize(opened, flags);
  return { ...size, ...saved, ...(dataName(data) === dataName(settings.data) && { labels }) };
}

const hasFixedSize = ({ model }: OpenModel) => model.inputs[0].shape.slice(1).every((side) => side !== null);

/** The size that images of a folder are read in, so that they are resized once. */
function folderImageSize(opened: OpenModel, { size }: ModelImageFlags): { height?: number; width?: number } {
  if (opened.model.inputs.length > 1) return {};
  const { height, width } = imageShapeOf(opened, size);
  return { height, width };
}
