import { InputError, randomAt, shuffledIndices, type ImageSet } from '@convlens/core';
import { classCounts } from './statistics.js';

/**
 * The indices of `count` random images with the class proportions of a set, to within one image per class.
 *
 * @throws InputError if the set has no labels.
 */
export function stratifiedIndices(set: ImageSet, { count, seed }: { count: number; seed: number }): number[] {
  const { labels } = set;
  if (!labels) throw new InputError(`Expected ${set.name} to have labels for a stratified split, got none`);
  const counts = classCounts(set);
  const quotas = hamiltonQuotas(counts, count);
  const imagesOfClass: number[][] = counts.map(() => []);
  for (let i = 0; i < set.count; i++) imagesOfClass[labels[i]].push(i);
  return imagesOfClass.flatMap((images, label) => {
    const order = shuffledIndices(images.length, randomAt(seed, 'split', label));
    return Array.from(order.subarray(0, quotas[label]), (i) => images[i]);
  });
}

/**
 * Divides `total` in proportion to `counts`, by Hamilton's method: each class gets its ideal count rounded down, and the
 * classes that lost most by rounding one more; of equal losses the lower class first.
 */
function hamiltonQuotas(counts: readonly number[], total: number): number[] {
  const sum = counts.reduce((partialSum, count) => partialSum + count, 0);
  const idealCounts = counts.map((count) => (count * total) / Math.max(sum, 1));
  const quotas = idealCounts.map(Math.floor);
  const missing = total - quotas.reduce((partialSum, quota) => partialSum + quota, 0);
  const byLoss = idealCounts
    .map((idealCount, label) => ({ label, loss: idealCount - quotas[label] }))
    .sort((a, b) => b.loss - a.loss || a.label - b.label);
  for (const { label } of byLoss.slice(0, missing)) quotas[label]++;
  return quotas;
}
