import { featureMaps } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

export const images = randomImages(14);
export const { labels } = images;
export const layer = 'norm';

export const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;

/** The sum of squared deviations from the mean. */
export const scatter = (list: readonly number[]) =>
  list.reduce((sum, value) => sum + (value - mean(list)) ** 2, 0);

export const column = (rows: readonly number[][], c: number) => rows.map((row) => row[c]);

/** The mean of each feature map of the layer, images x 4, computed from the maps themselves. */
export async function reducedActivations(): Promise<number[][]> {
  const { values } = await featureMaps(sequentialModel(), images, { layer });
  return Array.from({ length: images.count }, (_, i) =>
    [0, 1, 2, 3].map((c) => mean([...values.slice(i * 256, i * 256 + 256)].filter((_, j) => j % 4 === c))),
  );
}
