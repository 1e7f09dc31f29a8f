import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageSet } from '@convlens/core';
import { folderFiles } from '@convlens/image-set/node';
import { loadDataset } from '@convlens/pipeline';
import type { Requirement } from '../../../test/support/requirements.js';
import type { ModelCard } from '../src/index.js';

const folder = process.env.CONVLENS_DATA_DIR ?? '';

/** A file of each data set, whose presence shows that the data set is there. */
const FILES: Readonly<Record<string, string>> = {
  mnist: 'mnist/t10k-images-idx3-ubyte.gz',
  cifar10: 'cifar-10-batches-bin/test_batch.bin',
};

const fileOf = ({ data }: ModelCard) => join(folder, FILES[data.id] ?? data.id);

/** The real test images of the data set that a model was trained on. */
export const realImages = (card: ModelCard): Requirement => ({
  name: 'data',
  isPresent: folder !== '' && existsSync(fileOf(card)),
  absence: `CONVLENS_DATA_DIR names no folder with the real ${card.data.id}`,
});

export const loadRealImages = ({ data }: ModelCard): Promise<ImageSet> =>
  loadDataset(data.id, { split: 'test', source: folderFiles(folder) });
