import type * as tf from '@tensorflow/tfjs';
import { expectOneOf, type Heatmap, type Images } from '@convlens/core';
import { openExplanation, type Explained, type ExplainOptions, type Explanation } from './explanation.js';

/** How much each number that the model reads matters for a class (or another target): a pixel method before its channels are collapsed. */
export interface Attribution {
  readonly method: string;
  /** -1 where no class is explained. */
  readonly classIndex: number;
  /** What is explained, where it is no class: such as "relu2, channel 3". */
  readonly target?: string;
  /** Where the image stands in its set. */
  readonly index: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** height x width x channels, in scores per unit of what the model reads (or in scores, where a method says so). */
  readonly values: Float32Array;
}

/** How the channels of a pixel become one number: their sum, the largest magnitude or the mean of the magnitudes. */
export type Collapse = 'sum' | 'abs-max' | 'abs-mean';

const COLLAPSES = ['sum', 'abs-max', 'abs-mean'] as const;

/** A method that gives each number the model reads a number: a new tensor of the shape of `x`. */
export type PixelMethod = (batch: Explained) => tf.Tensor4D | Promise<tf.Tensor4D>;

/** Runs a pixel method over all images. */
export async function attribute(
  model: tf.LayersModel,
  images: Images,
  {
    method,
    compute,
    prepare,
    ...options
  }: ExplainOptions & {
    method: string;
    compute: PixelMethod;
    prepare?: (explanation: Explanation) => void;
  },
): Promise<Attribution[]> {
  const { height, width, channels } = images;
  const size = height * width * channels;
  const attributions: Attribution[] = [];
  const explanation = openExplanation(model, images, options);
  prepare?.(explanation);
  await explanation.forEach(async (batch) => {
    const result = await compute(batch);
    try {
      const values = (await result.data()) as Float32Array;
      batch.classes.forEach((_, i) =>
        attributions.push({
          method,
          ...batch.headOf(i),
          height,
          width,
          channels,
          values: values.slice(i * size, (i + 1) * size),
        }),
      );
    } finally {
      result.dispose();
    }
  });
  return attributions;
}

/** Makes one number of the channels of each pixel. A sum keeps the sign, magnitudes do not. */
export function collapseChannels(
  { channels, values, ...attribution }: Attribution,
  { collapse = 'sum' as Collapse } = {},
): Heatmap {
  expectOneOf('collapse', collapse, COLLAPSES);
  const map = new Float32Array(values.length / channels);
  for (let i = 0; i < map.length; i++) {
    let result = 0;
    for (let c = 0; c < channels; c++) {
      const value = values[i * channels + c];
      if (collapse === 'sum') result += value;
      else if (collapse === 'abs-max') result = Math.max(result, Math.abs(value));
      else result += Math.abs(value) / channels;
    }
    map[i] = result;
  }
  return { ...attribution, values: map, signed: collapse === 'sum' };
}

export interface PixelOptions extends ExplainOptions {
  /** How the channels of a pixel become one number; each method has its own default. */
  collapse?: Collapse;
}

/** Runs a pixel method over all images and collapses the channels. */
export async function drawAttributions(
  model: tf.LayersModel,
  images: Images,
  { collapse, ...options }: PixelOptions & Parameters<typeof attribute>[2] & { collapse: Collapse },
): Promise<Heatmap[]> {
  expectOneOf('collapse', collapse, COLLAPSES);
  const attributions = await attribute(model, images, options);
  return attributions.map((attribution) => collapseChannels(attribution, { collapse }));
}
