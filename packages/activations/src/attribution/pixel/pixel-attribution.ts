import { expectFields, expectOneOf, expectOptions, type Heatmap, type OptionNames } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { swapChannelOrder } from '../../model/model-input.js';
import { methodFields, type AttributionMethod } from '../attribution-method.js';
import {
  ATTRIBUTION_OPTIONS,
  type AttributionOptions,
  type ExplainSession,
  type PixelMethod,
} from '../explain-session.js';

/**
 * How much each channel of each pixel contributes to a target: the result of a pixel method before channels
 * are collapsed.
 */
export interface Attribution {
  /** The id of the method, such as "saliency". */
  readonly method: string;
  /** The name of the method as in its paper; default: the id. */
  readonly methodTitle?: string;
  /** -1 if the target is not a class. */
  readonly classIndex: number;
  /** The target, if it is not a class: such as "relu2, channel 3". */
  readonly target?: string;
  /** The index of the image in its set. */
  readonly index: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /**
   * height x width x channels, in scores per unit of the model input; in scores for methods that multiply by
   * the input. The channels are those of the images, also of a model that reads BGR.
   */
  readonly values: Float32Array;
}

const COLLAPSES = ['sum', 'abs-max', 'abs-mean'] as const;

/** How the channels of a pixel become one number: their sum, largest magnitude, or mean magnitude. */
export type Collapse = (typeof COLLAPSES)[number];

export interface PixelAttributionOptions extends AttributionOptions {
  /** How the channels of a pixel become one number; the default depends on the method. */
  collapse?: Collapse;
}

export const PIXEL_ATTRIBUTION_OPTIONS: OptionNames<PixelAttributionOptions> = {
  ...ATTRIBUTION_OPTIONS,
  collapse: true,
};

/** A pixel method and its entry in the list of methods. */
interface PixelComputation {
  readonly entry: AttributionMethod;
  readonly compute: PixelMethod;
}

/** Runs a pixel method on all images of a session. */
export async function attributeImages(
  { modelInput, expectGradientAt, forEachBatch }: ExplainSession,
  { entry, compute }: PixelComputation,
): Promise<Attribution[]> {
  expectGradientAt(modelInput.graph.inputs[0]);
  const { height, width, channels } = modelInput.images;
  const size = height * width * channels;
  const attributions: Attribution[] = [];
  await forEachBatch(async (batch) => {
    const byInput = await compute(batch);
    const result = swapChannelOrder(modelInput, byInput);
    try {
      const values = (await result.data()) as Float32Array;
      await batch.expectFinite(values);
      batch.classes.forEach((_, i) =>
        attributions.push({
          ...methodFields(entry),
          ...batch.targetFieldsOf(i),
          height,
          width,
          channels,
          values: values.slice(i * size, (i + 1) * size),
        }),
      );
    } finally {
      tf.dispose([byInput, result]);
    }
  });
  return attributions;
}

/** The value of a pixel: its channels, values `start` to `end` (not included), collapsed. */
function collapsePixel(values: Float32Array, start: number, end: number, collapse: Collapse): number {
  let result = 0;
  for (let i = start; i < end; i++) {
    const value = values[i];
    if (collapse === 'sum') result += value;
    else if (collapse === 'abs-max') result = Math.max(result, Math.abs(value));
    else result += Math.abs(value) / (end - start);
  }
  return result;
}

function toHeatmap({ channels, values, ...attribution }: Attribution, collapse: Collapse): Heatmap {
  const collapsed = Float32Array.from({ length: values.length / channels }, (_, pixel) =>
    collapsePixel(values, pixel * channels, (pixel + 1) * channels, collapse),
  );
  return { ...attribution, values: collapsed, signed: collapse === 'sum' };
}

export interface CollapseChannelsOptions {
  /** How the channels of a pixel become one number; default 'sum', which keeps the sign. */
  collapse?: Collapse;
}

/** Reduces an attribution to a heatmap: the channels of each pixel become one number. */
export function collapseChannels(attribution: Attribution, options: CollapseChannelsOptions = {}): Heatmap {
  expectOptions('collapseChannels', options, { collapse: true });
  expectFields('Attribution', 'attribution', attribution, { values: 'numbers', channels: 'number' });
  const { collapse = 'sum' } = options;
  expectOneOf('collapse', collapse, COLLAPSES);
  return toHeatmap(attribution, collapse);
}

/** Runs a pixel method on all images of a session and collapses the channels. */
export async function pixelHeatmaps(
  session: ExplainSession,
  { collapse, entry, compute }: PixelComputation & { collapse: Collapse },
): Promise<Heatmap[]> {
  expectOneOf('collapse', collapse, COLLAPSES);
  const attributions = await attributeImages(session, { entry, compute });
  return attributions.map((attribution) => toHeatmap(attribution, collapse));
}
