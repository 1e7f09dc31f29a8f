import { formatCount, InputError } from '@convlens/core';
import { openImages, type ImageDecoders } from '@convlens/image-set/folder';
import { localSource } from '@convlens/image-set/node';
import { isFolderPath, type TrainingImages } from '@convlens/pipeline';
import type { Console } from '../terminal/console.js';
import { resolveDataset } from './data-dir.js';
import { formatMebibytes, openDataset, printLayout, type DatasetRequest } from './open-dataset.js';

interface TrainingImagesRequest extends Pick<
  DatasetRequest,
  'data' | 'dataDir' | 'split' | 'limit' | 'height' | 'width' | 'fit' | 'labels' | 'background'
> {
  /** Whether images of a folder are read from files while a model is trained; default: if they are large. */
  stream?: boolean;
}

interface TrainingImagesContext {
  decoders: ImageDecoders;
  console: Console;
  signal: AbortSignal;
}

/** Images of a folder that need as much memory are read from files. */
const STREAM_FROM_BYTES = 2 ** 30;

const isFolder = (source: object): boolean => 'list' in source;

/** Opens the images that a model is trained on: in memory, or those of a folder as a stream. */
export async function openTrainingImages(
  { stream = false, ...request }: TrainingImagesRequest,
  { decoders, console, signal }: TrainingImagesContext,
): Promise<TrainingImages> {
  const data = resolveDataset(request.data);
  if (!isFolderPath(data)) {
    if (stream)
      throw new InputError(`Expected --stream only with a folder of images, got the data set ${data}`);
    return openDataset(request, console, signal);
  }
  const { split, limit, height, width, fit, labels, background } = request;
  const source = await localSource(data);
  // Arrays and columns are not files of images.
  if (!stream && !isFolder(source)) return openDataset(request, console, signal);
  const images = await openImages(source, {
    split,
    limit: split === 'train' ? limit : undefined,
    height,
    width,
    fit,
    labels,
    background,
    decoders,
    signal,
    onLayout: (layout) => printLayout(data, layout, console),
  });
  const { name, count } = images;
  const bytes = count * images.height * images.width * images.channels;
  if (!stream && bytes < STREAM_FROM_BYTES) return openDataset(request, console, signal);
  console.event(
    'stream',
    { split, images: count, bytes },
    `${formatCount(count, 'image')} of ${name} are read from files when they are needed, not kept in memory ` +
      `(${formatMebibytes(bytes)})`,
  );
  return images;
}
