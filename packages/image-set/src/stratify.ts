import { InputError, randomAt, type ImageSet } from '@convlens/core';
import { shuffledIndices } from './order.js';
import { classCounts } from './statistics.js';

/**
 * `count` images of a set, of every class its share to within one: the share rounded down, and then one more for the
 * classes that lost most by rounding (Hamilton's method; of equal ones the lower class).
 */
export function stratifiedIndices(set: ImageSet, { count, seed }: { count: number; seed: number }): number[] {
  const { labels } = set;
  if (!labels) throw new InputError(`Expected ${set.name} to have labels for a stratified split, got none`);
  const counts = classCounts(set);
  const shares = counts.map((of) => (of * count) / Math.max(set.count, 1));
  const quotas = shares.map(Math.floor);
  const missing = count - quotas.reduce((sum, quota) => sum + quota, 0);
  const byLoss = shares
    .map((share, label) => ({ label, lost: share - quotas[label] }))
    .sort((a, b) => b.lost - a.lost || a.label - b.label);
  for (const { label } of byLoss.slice(0, missing)) quotas[label]++;

  const members: number[][] = counts.map(() => []);
  for (let i = 0; i < set.count; i++) members[labels[i]].push(i);
  return members.flatMap((images, label) => {
    const order = shuffledIndices(images.length, randomAt(seed, 'split', label));
    return Array.from(order.subarray(0, quotas[label]), (i) => images[i]);
  });
}
