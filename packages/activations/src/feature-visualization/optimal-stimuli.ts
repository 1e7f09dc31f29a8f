import {
  expectInteger,
  expectOptions,
  indexRange,
  type OptimalStimulus,
  type OptionNames,
} from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { findKernelNode } from '../model/find-layer.js';
import { internals } from '../model/layer-kinds.js';
import { readGraph } from '../model/model-graph.js';

export interface OptimalStimuliOptions {
  /** A convolution or a dense layer: a name, 'first-conv' (default) or 'last-conv'. */
  layer?: string;
  /** The indices of its filters or units; default all. */
  filters?: readonly number[];
}

const OPTIMAL_STIMULI_OPTIONS: OptionNames<OptimalStimuliOptions> = { layer: true, filters: true };

/**
 * For each filter of a convolution, or unit of a dense layer, the input within 0..1 of the largest
 * pre-activation: 1 where the weight is positive, 0 elsewhere. This is exact, because the pre-activation is a
 * weighted sum. For a first convolution that reads pixels scaled to 0..1 the input is a patch of an image;
 * for other layers it is a patch of the feature maps before the layer.
 *
 * @throws InputError if the layer is neither a convolution nor dense, or a filter does not exist.
 */
export async function optimalStimuli(
  model: tf.LayersModel,
  options: OptimalStimuliOptions = {},
): Promise<OptimalStimulus[]> {
  expectOptions('optimalStimuli', options, OPTIMAL_STIMULI_OPTIONS);
  const { layer = 'first-conv', filters } = options;
  const node = findKernelNode(readGraph(model), layer, {
    layerClasses: ['Conv2D', 'Dense'],
    description: 'convolutions and dense layers',
  });
  const { kernel, bias } = internals(node.layer);
  const shape = kernel!.shape as number[];
  const units = shape[shape.length - 1];
  const channels = shape[shape.length - 2];
  const [height, width] = shape.length === 4 ? shape : [1, 1];
  const weights = await kernel!.read().data();
  const biases = await bias?.read().data();
  return Array.from(filters ?? indexRange(units), (filter) => {
    expectInteger('each of filters', filter, { max: units - 1 });
    const values = new Float32Array(height * width * channels);
    let maximum = biases?.[filter] ?? 0;
    for (let i = 0; i < values.length; i++) {
      const weight = weights[i * units + filter];
      if (weight <= 0) continue;
      values[i] = 1;
      maximum += weight;
    }
    return { layer: node.name, filter, height, width, channels, values, maximum };
  });
}
