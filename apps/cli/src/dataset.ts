import type { ImageSet } from '@convlens/core';
import { folderStore } from '@convlens/core/node';
import { loadDataset } from '@convlens/pipeline';
import type { Console } from './console.js';

interface Request {
  data: string;
  dataDir: string;
  split: 'train' | 'test';
  limit?: number;
}

/** Loads a data set with a bar. */
export async function openDataset(
  request: Request,
  console: Console,
  signal?: AbortSignal,
): Promise<ImageSet> {
  const { data, dataDir, split, limit } = request;
  const bar = console.bar(`loading ${data} ${split}`);
  try {
    return await loadDataset(data, {
      split,
      limit,
      reader: folderStore(dataDir),
      signal,
      onProgress: (done, total) => bar.update(done, total),
    });
  } finally {
    bar.stop();
  }
}
