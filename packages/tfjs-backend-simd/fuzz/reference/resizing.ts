import { valuesOf, zeros, type Result, type Values } from './values.js';

export interface ResizeOptions {
  readonly alignCorners?: boolean;
  readonly halfPixelCenters?: boolean;
}

/** A source pixel of an output pixel, along one dimension, with its weight. */
interface Source {
  readonly at: number;
  readonly weight: number;
}

type SourcesOf = (out: number, inSize: number, outSize: number, options: ResizeOptions) => readonly Source[];

/** The quotient as a fraction, so that whole positions are exact. */
function position(
  out: number,
  inSize: number,
  outSize: number,
  { alignCorners, halfPixelCenters }: ResizeOptions,
) {
  if (alignCorners && outSize > 1) return { numerator: out * (inSize - 1), denominator: outSize - 1 };
  if (halfPixelCenters) return { numerator: (2 * out + 1) * inSize - outSize, denominator: 2 * outSize };
  return { numerator: out * inSize, denominator: outSize };
}

/** As TensorFlow's ResizeBilinear: the two pixels around the position, at the edge the last one. */
const bilinearSources: SourcesOf = (out, inSize, outSize, options) => {
  const { numerator, denominator } = position(out, inSize, outSize, options);
  const lower = Math.floor(numerator / denominator);
  const weight = numerator / denominator - lower;
  const inside = (at: number) => Math.min(inSize - 1, Math.max(0, at));
  return [
    { at: inside(lower), weight: 1 - weight },
    { at: inside(lower + 1), weight },
  ];
};

/** As TensorFlow's ResizeNearestNeighbor: the pixel whose area holds the position; with aligned corners the nearest. */
const nearestSources: SourcesOf = (out, inSize, outSize, { alignCorners, halfPixelCenters }) => {
  const [numerator, denominator] =
    alignCorners && outSize > 1
      ? [out * (inSize - 1) * 2 + outSize - 1, 2 * (outSize - 1)]
      : halfPixelCenters
        ? [(2 * out + 1) * inSize, 2 * outSize]
        : [out * inSize, outSize];
  return [{ at: Math.min(inSize - 1, Math.floor(numerator / denominator)), weight: 1 }];
};

const SOURCES = { bilinear: bilinearSources, nearest: nearestSources };

/** Images [batch, height, width, channels] resized to [height, width]. */
export function resize(
  x: Values,
  [outHeight, outWidth]: readonly [number, number],
  method: 'bilinear' | 'nearest',
  options: ResizeOptions = {},
): Result {
  const [images, inHeight, inWidth, channels] = x.shape;
  const sourcesOf = SOURCES[method];
  const rows = Array.from({ length: outHeight }, (_, i) => sourcesOf(i, inHeight, outHeight, options));
  const columns = Array.from({ length: outWidth }, (_, i) => sourcesOf(i, inWidth, outWidth, options));
  const forEachTerm = (visit: (x: number, y: number, weight: number) => void) => {
    for (let image = 0; image < images; image++)
      rows.forEach((rowSources, i) =>
        columns.forEach((columnSources, j) => {
          const y = ((image * outHeight + i) * outWidth + j) * channels;
          for (const row of rowSources)
            for (const column of columnSources)
              if (row.weight * column.weight !== 0)
                visit(
                  ((image * inHeight + row.at) * inWidth + column.at) * channels,
                  y,
                  row.weight * column.weight,
                );
        }),
      );
  };
  const y = new Float64Array(images * outHeight * outWidth * channels);
  forEachTerm((xAt, yAt, weight) => {
    for (let c = 0; c < channels; c++) y[yAt + c] += weight * x.data[xAt + c];
  });
  const precision = method === 'nearest' ? 'exact' : 'rounded';
  return {
    value: valuesOf([images, outHeight, outWidth, channels], y),
    precision,
    gradient: (dy) => {
      const dx = zeros(x.shape);
      forEachTerm((xAt, yAt, weight) => {
        for (let c = 0; c < channels; c++) dx.data[xAt + c] += weight * dy.data[yAt + c];
      });
      return [{ value: dx, precision: 'rounded' }];
    },
  };
}
