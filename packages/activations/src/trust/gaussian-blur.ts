/** Weights of a Gaussian of that deviation, 2 x radius + 1 of them. */
const gaussian = (deviation: number, radius: number) =>
  Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * deviation ** 2)));

/** Blurs along one axis, whose neighbours stand `step` apart; beyond the edge nothing counts. */
function blurAlong(
  values: Float32Array,
  { length, step }: { length: number; step: number },
  weights: number[],
) {
  const radius = (weights.length - 1) / 2;
  return values.map((_, i) => {
    const place = Math.floor(i / step) % length;
    let [sum, total] = [0, 0];
    for (let offset = Math.max(-radius, -place); offset <= Math.min(radius, length - 1 - place); offset++) {
      sum += weights[offset + radius] * values[i + offset * step];
      total += weights[offset + radius];
    }
    return sum / total;
  });
}

/** A Gaussian blur of images, count x height x width x channels, with a window of 11 x 11. */
export function gaussianBlur(
  values: Float32Array,
  {
    height,
    width,
    channels,
    deviation = 5,
  }: { height: number; width: number; channels: number; deviation?: number },
): Float32Array {
  const weights = gaussian(deviation, 5);
  const across = blurAlong(values, { length: width, step: channels }, weights);
  return blurAlong(across, { length: height, step: width * channels }, weights);
}
