import type { ImageSet } from '@convlens/core';
import type { DownloadProgress, FileSource, LoadedFile } from '@convlens/image-set/files';
import { downloads, folderFiles } from '@convlens/image-set/node';
import { isImageFolder, loadDataset } from '@convlens/pipeline';
import { duration, type Console } from './console.js';
import { typedDataset } from './data-folder.js';

interface Request {
  data: string;
  dataDir: string;
  split: 'train' | 'test';
  limit?: number;
  /** Fetch nothing; default: whether CONVLENS_OFFLINE is set. */
  offline?: boolean;
  /** Addresses of the user's own, tried before all others. */
  mirrors?: readonly string[];
  verify?: boolean;
  onFile?: (file: LoadedFile) => void;
}

/** Where a data set comes from: its own folder, or the data folder and what can be fetched into it. */
function sourceOf({ data, dataDir, offline, mirrors }: Request): FileSource {
  if (isImageFolder(data)) return folderFiles(data);
  return (offline ?? Boolean(process.env.CONVLENS_OFFLINE))
    ? folderFiles(dataDir)
    : downloads({ folder: dataDir, mirrors });
}

/** Loads a data set with a bar; what is not there is fetched. */
export async function openDataset(
  request: Request,
  console: Console,
  signal?: AbortSignal,
): Promise<ImageSet> {
  const data = typedDataset(request.data);
  const { split, limit, verify, onFile } = request;
  let bar = console.bar(`loading ${data} ${split}`);
  let fetching: string | undefined;
  try {
    return await loadDataset(data, {
      split,
      limit,
      verify,
      onFile,
      reader: sourceOf({ ...request, data }),
      signal,
      onProgress: (done, total) => {
        if (fetching !== undefined) bar = console.bar(`loading ${data} ${split}`);
        fetching = undefined;
        bar.update(done, total);
      },
      onDownload: (progress) => {
        if (fetching !== progress.url) {
          bar.stop();
          const { name, url, total } = progress;
          console.event('download', { name, url, total }, `fetching ${name} from ${url}`);
          bar = console.bar(name);
          fetching = progress.url;
        }
        bar.update(progress.bytes, progress.total, speed(progress));
      },
    });
  } finally {
    bar.stop();
  }
}

function speed({ bytes, total, rate, secondsLeft }: DownloadProgress): string {
  const left = secondsLeft === undefined ? '' : `, about ${duration(secondsLeft)} left`;
  return `${mebibytes(bytes)} of ${mebibytes(total)}, ${mebibytes(rate)}/s${left}`;
}

export const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
