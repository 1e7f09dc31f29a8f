import { IDENTITY, UNIT_RANGE, type Images, type InputTrial, type Preprocessing } from '@convlens/core';

/**
 * A preprocessing, a channel order and an axis order to try, and the images with their pixels in that order.
 */
export interface InputCandidate extends Pick<
  InputTrial,
  'scaling' | 'preprocessing' | 'channelOrder' | 'axes'
> {
  readonly images: Images;
}

/** Published channel means and standard deviations, on the scale 0..1, that models are often trained with. */
const PUBLISHED_STATISTICS: Record<string, { mean: number[]; std: number[] }> = {
  'standardized as CIFAR-10': { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
  'standardized as ImageNet': { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  'standardized as MNIST': { mean: [0.1307], std: [0.3081] },
};

/** The mean and the standard deviation of each channel, on the scale 0..1. */
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
  // A constant channel is divided by 1 rather than 0.
  const std = mean.map((m, c) => Math.sqrt(Math.max(0, squares[c] / count - m * m)) || 1);
  return { mean, std };
}

/** The preprocessings that are usual for images with these channels, by name; the most usual first. */
function scalingsOf(images: Images): [name: string, Preprocessing][] {
  const published = Object.entries(PUBLISHED_STATISTICS).filter(
    ([, { mean }]) => mean.length === images.channels,
  );
  return [
    ['0..1', UNIT_RANGE],
    ['0..255', IDENTITY],
    ['-1..1', { scale: 1 / 127.5, mean: [1], std: [1] }],
    ...published.map(([name, statistics]): [string, Preprocessing] => [
      name,
      { scale: 1 / 255, ...statistics },
    ]),
    ['standardized as these images', { scale: 1 / 255, ...statisticsOf(images) }],
  ];
}

interface PixelOrder {
  readonly swapsChannels: boolean;
  readonly swapsAxes: boolean;
}

/** The images with the first and last channel swapped, or with rows and columns swapped, or both. */
function reorderPixels(images: Images, { swapsChannels, swapsAxes }: PixelOrder): Images {
  if (!swapsChannels && !swapsAxes) return images;
  const { pixels, count, height, width, channels } = images;
  const reordered = pixels.slice();
  const size = height * width * channels;
  let position = 0;
  for (let i = 0; i < count; i++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++) {
          const [row, column] = swapsAxes ? [x, y] : [y, x];
          const channel = swapsChannels ? channels - 1 - c : c;
          reordered[position++] = pixels[i * size + (row * width + column) * channels + channel];
        }
  return { ...images, pixels: reordered };
}

/**
 * All combinations of preprocessing, channel order and axis order for images of this shape; the most usual
 * first.
 */
export function inputCandidates(images: Images): InputCandidate[] {
  const { channels, height, width } = images;
  const channelOrders = channels === 3 ? (['unchanged', 'bgr'] as const) : (['unchanged'] as const);
  const axisOrders = height === width ? (['unchanged', 'transposed'] as const) : (['unchanged'] as const);
  const scalings = scalingsOf(images);
  return channelOrders.flatMap((channelOrder) =>
    axisOrders.flatMap((axes) => {
      const swapsChannels = channelOrder === 'bgr';
      const reordered = reorderPixels(images, { swapsChannels, swapsAxes: axes === 'transposed' });
      const perChannel = (values: readonly number[]) => (swapsChannels ? [...values].reverse() : [...values]);
      return scalings.map(([scaling, { scale, mean, std }]) => ({
        scaling,
        channelOrder,
        axes,
        images: reordered,
        preprocessing: { scale, mean: perChannel(mean), std: perChannel(std) },
      }));
    }),
  );
}
