const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
/**
 * Two maps of 9 x 11 from formulas. The expected values are those of SciPy 1.17.1: scipy.stats.spearmanr, and
 * SSIM written with scipy.ndimage.uniform_filter (7 x 7, sample variances, without the border).
 */
export const firstMap = Array.from({ length: 99 }, (_, i) => round(Math.sin(i * 0.37) + 0.01 * i, 2));
export const secondMap = Array.from({ length: 99 }, (_, i) =>
  round(Math.cos(i * 0.21) + 0.3 * Math.sin(i * 0.37), 1),
);
