import { InputError, randomAt, shuffledIndices, type ImageSet } from '@convlens/core';

/**
 * The indices of `count` random images with the class proportions of a set, to within one image per class.
 *
 * @throws InputError if the set has no labels.
 */
export function stratifiedIndices(
  set: Pick<ImageSet, 'name' | 'count' | 'labels' | 'classNames'>,
  { count, seed }: { count: number; seed: number },
): number[] {
  const { labels } = set;
  if (!labels) throw new InputError(`Expected ${set.name} to have labels for a stratified split, got none`);
  const counts = set.classNames.map(() => 0);
  for (const label of labels) counts[label]++;
  const quotas = hamiltonQuotas(counts, count);
  const imagesOfClass: number[][] = counts.map(() => []);
  for (let i = 0; i < set.count; i++) imagesOfClass[labels[i]].push(i);
  return imagesOfClass.flatMap((images, label) => {
    const order = shuffledIndices(images.length, randomAt(seed, 'split', label));
    return Array.from(order.subarray(0, quotas[label]), (i) => images[i]);
  });
}

/**
 * The indices, ascending, of `count` random images with the class proportions of `labels`, to within one image per class; but
 * each class that occurs has an image where `count` allows it.
 *
 * @param labels the class of each image, 0 to `classes` - 1
 */
export function stratifiedSample(
  labels: ArrayLike<number>,
  { classes, count, seed }: { classes: number; count: number; seed: number },
): number[] {
  const imagesOfClass: number[][] = Array.from({ length: classes }, () => []);
  for (let i = 0; i < labels.length; i++) imagesOfClass[labels[i]].push(i);
  const counts = imagesOfClass.map((images) => images.length);
  const quotas = withEachClass(hamiltonQuotas(counts, Math.min(count, labels.length)), counts);
  return imagesOfClass
    .flatMap((images, label) => {
      const order = shuffledIndices(images.length, randomAt(seed, 'sample', label));
      return Array.from(order.subarray(0, quotas[label]), (i) => images[i]);
    })
    .sort((a, b) => a - b);
}

/** Quotas in which each class that occurs has an image, taken from the largest quota, as long as that is above one. */
function withEachClass(quotas: readonly number[], counts: readonly number[]): number[] {
  const result = [...quotas];
  counts.forEach((count, label) => {
    if (count === 0 || result[label] > 0) return;
    const largest = result.indexOf(Math.max(...result));
    if (result[largest] < 2) return;
    result[largest]--;
    result[label]++;
  });
  return result;
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
