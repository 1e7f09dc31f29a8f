import { escapeControls, formatDuration, type ImageSet } from '@convlens/core';
import { describeLayout, type FolderLayout } from '@convlens/image-set/folder';
import type { DownloadProgress, LoadedFile } from '@convlens/image-set/files';
import { downloads, folderFiles, localSource } from '@convlens/image-set/node';
import { isFolderPath, loadDataset, type LoadDatasetOptions } from '@convlens/pipeline';
import type { Console } from '../terminal/console.js';
import { resolveDataset } from './data-dir.js';

export interface DatasetRequest extends Pick<
  LoadDatasetOptions,
  'height' | 'width' | 'fit' | 'labels' | 'background'
> {
  data: string;
  dataDir: string;
  split: 'train' | 'validation' | 'test';
  limit?: number;
  /** No downloads. Default: whether CONVLENS_OFFLINE is set. */
  offline?: boolean;
  /** URLs of mirrors, tried before the official hosts. */
  mirrors?: readonly string[];
  verify?: boolean;
  onFile?: (file: LoadedFile) => void;
}

/** The source of a data set: the user's folder or file, or the data folder with downloads into it. */
async function fileSourceOf({
  data,
  dataDir,
  offline,
  mirrors,
}: DatasetRequest): Promise<LoadDatasetOptions['source']> {
  if (isFolderPath(data)) return localSource(data);
  return (offline ?? Boolean(process.env.CONVLENS_OFFLINE))
    ? folderFiles(dataDir)
    : downloads({ folder: dataDir, mirrors });
}

/** Loads a data set with a progress bar; missing files are downloaded. */
export async function openDataset(
  request: DatasetRequest,
  console: Console,
  signal?: AbortSignal,
): Promise<ImageSet> {
  const data = resolveDataset(request.data);
  const { split, limit, height, width, fit, labels, background, verify, onFile } = request;
  let bar = console.bar(`loading ${data} ${split}`);
  let downloadUrl: string | undefined;
  try {
    return await loadDataset(data, {
      split,
      limit,
      height,
      width,
      fit,
      labels,
      background,
      verify,
      onFile,
      source: await fileSourceOf({ ...request, data }),
      signal,
      onLayout: (layout) => printLayout(data, layout, console),
      onProgress: (done, total) => {
        if (downloadUrl !== undefined) bar = console.bar(`loading ${data} ${split}`);
        downloadUrl = undefined;
        bar.update(done, total);
      },
      onDownload: (progress) => {
        if (downloadUrl !== progress.url) {
          bar.stop();
          const { name, url, total } = progress;
          console.event('download', { name, url, total }, `downloading ${name} from ${url}`);
          bar = console.bar(name);
          downloadUrl = progress.url;
        }
        bar.update(progress.bytes, progress.total, formatSpeed(progress));
      },
    });
  } finally {
    bar.stop();
  }
}

/** The folders that each output has described. */
const described = new WeakMap<Console, Set<string>>();

/** Prints how a folder of images was understood, once. */
export function printLayout(data: string, layout: FolderLayout, console: Console): void {
  const folders = described.get(console) ?? new Set<string>();
  if (folders.has(data)) return;
  described.set(console, folders.add(data));
  const { classNames, labelsFrom, splits, passedOver, warnings } = layout;
  const counts = Object.fromEntries(Object.entries(splits).map(([split, files]) => [split, files.length]));
  const text = [data, ...describeLayout(layout).map((line) => `  ${line}`)].map(escapeControls).join('\n');
  console.event('folder', { folder: data, classNames, labelsFrom, counts, passedOver, warnings }, text);
}

function formatSpeed({ bytes, total, bytesPerSecond, secondsLeft }: DownloadProgress): string {
  const remaining = secondsLeft === undefined ? '' : `, about ${formatDuration(secondsLeft)} remaining`;
  return `${formatMebibytes(bytes)} of ${formatMebibytes(total)}, ${formatMebibytes(bytesPerSecond)}/s${remaining}`;
}

export const formatMebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
