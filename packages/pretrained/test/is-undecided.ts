import type { Prediction } from '@convlens/core';

/** Whether the two highest probabilities are so close that another order of summation may swap them. */
export function isUndecided({ probabilities }: Prediction): boolean {
  const [first, second] = [...probabilities].sort((a, b) => b - a);
  return first - second <= 1e-3;
}
