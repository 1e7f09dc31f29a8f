import { parsePixelScaling, type Images, type InputTrial, type Preprocessing } from '@convlens/core';

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

/** The usual preprocessings that do not depend on the channels; the most usual first. */
const RANGES = ['0..1', '0..255', '-1..1', '-0.5..0.5'];

/** The mean of ImageNet subtracted from pixels, as Keras applications do in the mode caffe, for channels in the order RGB. */
const CAFFE_RGB = parsePixelScaling('caffe,rgb');

/** The preprocessings that are usual for images with these channels, by name; the most usual first. */
function scalingsOf(images: Images): [name: string, Preprocessing][] {
  const published = Object.entries(PUBLISHED_STATISTICS).filter(
    ([, { mean }]) => mean.length === images.channels,
  );
  return [
    ...RANGES.map((range): [string, Preprocessing] => [range, parsePixelScaling(range)]),
    ...published.map(([name, statistics]): [string, Preprocessing] => [
      name,
      { scale: 1 / 255, ...statistics },
    ]),
    ...(images.channels === 3 ? [['minus the mean of ImageNet', CAFFE_RGB] as [string, Preprocessing]] : []),
    ['standardized as these images', { scale: 1 / 255, ...statisticsOf(images) }],
  ];
}

/** The images with rows and columns swapped. */
function transpose(images: Images): Images {
  const { pixels, count, height, width, channels } = images;
  const transposed = pixels.slice();
  const size = height * width * channels;
  let position = 0;
  for (let i = 0; i < count; i++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++)
          transposed[position++] = pixels[i * size + (x * width + y) * channels + c];
  return { ...images, pixels: transposed };
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
  const imagesOf = { unchanged: images, transposed: height === width ? transpose(images) : images };
  return channelOrders.flatMap((channelOrder) =>
    axisOrders.flatMap((axes) =>
      scalings.map(([scaling, preprocessing]) => ({
        scaling,
        channelOrder,
        axes,
        images: imagesOf[axes],
        preprocessing: channelOrder === 'bgr' ? withBgr(preprocessing) : preprocessing,
      })),
    ),
  );
}

/** The same values per color for a model that reads BGR. */
function withBgr({ scale, mean, std }: Preprocessing): Preprocessing {
  return { scale, mean: [...mean].reverse(), std: [...std].reverse(), channelOrder: 'bgr' };
}
