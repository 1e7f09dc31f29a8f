/** The half width of the window, in pixels. */
const RADIUS = 5;

/** Unnormalized Gaussian weights for the offsets -RADIUS to RADIUS. */
const gaussianWeights = (deviation: number) =>
  Array.from({ length: 2 * RADIUS + 1 }, (_, i) => Math.exp(-((i - RADIUS) ** 2) / (2 * deviation ** 2)));

/**
 * Blurs along an axis of `length` positions, `stride` values apart. Values outside the image have no weight.
 */
function blurAlong(
  values: Float32Array,
  { length, stride }: { length: number; stride: number },
  weights: readonly number[],
): Float32Array {
  return values.map((_, i) => {
    const position = Math.floor(i / stride) % length;
    const first = Math.max(-RADIUS, -position);
    const last = Math.min(RADIUS, length - 1 - position);
    let [sum, totalWeight] = [0, 0];
    for (let offset = first; offset <= last; offset++) {
      const weight = weights[offset + RADIUS];
      sum += weight * values[i + offset * stride];
      totalWeight += weight;
    }
    return sum / totalWeight;
  });
}

/** A Gaussian blur of images, count x height x width x channels, with a window of 11 x 11 pixels. */
export function gaussianBlur(
  values: Float32Array,
  {
    height,
    width,
    channels,
    deviation = 5,
  }: { height: number; width: number; channels: number; deviation?: number },
): Float32Array {
  const weights = gaussianWeights(deviation);
  const blurredRows = blurAlong(values, { length: width, stride: channels }, weights);
  return blurAlong(blurredRows, { length: height, stride: width * channels }, weights);
}
