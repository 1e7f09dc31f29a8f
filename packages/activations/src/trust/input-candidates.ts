import { IDENTITY, UNIT_RANGE, type Images, type Preprocessing } from '@convlens/core';

/** One way to feed a model. */
export interface InputCandidate {
  readonly scaling: string;
  readonly channelOrder: 'given' | 'bgr';
  readonly axes: 'given' | 'transposed';
  readonly images: Images;
  readonly preprocessing: Preprocessing;
}

/** Means and deviations on [0, 1] that others have published and that models are trained with. */
const PUBLISHED: Record<string, { mean: number[]; std: number[] }> = {
  'standardized as CIFAR-10': { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
  'standardized as ImageNet': { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  'standardized as MNIST': { mean: [0.1307], std: [0.3081] },
};

function statisticsOf({ pixels, channels }: Images): { mean: number[]; std: number[] } {
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] / 255;
    sums[i % channels] += value;
    squares[i % channels] += value * value;
  }
  const count = pixels.length / channels;
  const mean = [...sums].map((sum) => sum / count);
  // A channel of one level has no deviation to divide by.
  const std = mean.map((m, c) => Math.sqrt(Math.max(0, squares[c] / count - m * m)) || 1);
  return { mean, std };
}

/** The images with their pixels moved: `from(row, column, channel)` says where each comes from. */
function rearrange(
  images: Images,
  from: (row: number, column: number, channel: number) => [number, number, number],
): Images {
  const { pixels, count, height, width, channels } = images;
  const moved = pixels.slice();
  const size = height * width * channels;
  for (let i = 0, at = 0; i < count; i++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++) {
          const [row, column, channel] = from(y, x, c);
          moved[at++] = pixels[i * size + (row * width + column) * channels + channel];
        }
  return { ...images, pixels: moved };
}

/** Every combination of scaling, order of channels and order of axes that images of this shape can have; likely ones first. */
export function inputCandidates(images: Images): InputCandidate[] {
  const { channels, height, width } = images;
  const orders = channels === 3 ? (['given', 'bgr'] as const) : (['given'] as const);
  const directions = height === width ? (['given', 'transposed'] as const) : (['given'] as const);
  const own = statisticsOf(images);
  const scalings: [string, Preprocessing][] = [
    ['0..1', UNIT_RANGE],
    ['0..255', IDENTITY],
    ['-1..1', { scale: 1 / 127.5, mean: [1], std: [1] }],
    ...Object.entries(PUBLISHED)
      .filter(([, { mean }]) => mean.length === channels)
      .map(([name, statistics]): [string, Preprocessing] => [name, { scale: 1 / 255, ...statistics }]),
    ['standardized as these images', { scale: 1 / 255, ...own }],
  ];
  return orders.flatMap((channelOrder) =>
    directions.flatMap((axes) => {
      const reordered = channelOrder === 'bgr';
      const fed =
        reordered || axes === 'transposed'
          ? rearrange(images, (y, x, c) => [
              ...((axes === 'transposed' ? [x, y] : [y, x]) as [number, number]),
              reordered ? 2 - c : c,
            ])
          : images;
      const turn = (list: readonly number[]) => (reordered ? [...list].reverse() : [...list]);
      return scalings.map(([scaling, { scale, mean, std }]) => ({
        scaling,
        channelOrder,
        axes,
        images: fed,
        preprocessing: { scale, mean: turn(mean), std: turn(std) },
      }));
    }),
  );
}
