import { normal, type Random } from '@convlens/core';

/** A number from Gamma(shape, 1) for shape >= 1 (Marsaglia and Tsang 2000). */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * A number from Beta(alpha, alpha). Up to alpha 1 Jöhnk's method (1964), in logarithms because the powers of
 * small alphas underflow; above 1 from two gamma numbers.
 */
export function beta(alpha: number, random: Random): number {
  if (alpha > 1) {
    const x = gamma(alpha, random);
    return x / (x + gamma(alpha, random));
  }
  for (;;) {
    const x = Math.log(1 - random()) / alpha;
    const y = Math.log(1 - random()) / alpha;
    const highest = Math.max(x, y);
    const sum = highest + Math.log(Math.exp(x - highest) + Math.exp(y - highest));
    if (sum <= 0) return Math.exp(x - sum);
  }
}
