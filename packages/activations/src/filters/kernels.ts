import type * as tf from '@tensorflow/tfjs';
import { expectOptions, type FilterBank, type OptionNames } from '@convlens/core';
import { findKernelNode } from '../model/find-layer.js';
import { readGraph } from '../model/model-graph.js';

export interface KernelsOptions {
  /** The convolution: a name, 'first-conv' (default) or 'last-conv'. */
  layer?: string;
}

const KERNELS_OPTIONS: OptionNames<KernelsOptions> = { layer: true };

/**
 * The kernels of a 2D convolution, as they are now. A depthwise convolution has one filter per output
 * channel, each with a kernel of one input channel.
 *
 * @throws InputError if the layer is not a 2D convolution.
 */
export async function kernels(model: tf.LayersModel, options: KernelsOptions = {}): Promise<FilterBank> {
  expectOptions('kernels', options, KERNELS_OPTIONS);
  const { layer = 'first-conv' } = options;
  const node = findKernelNode(readGraph(model), layer, {
    layerClasses: ['Conv2D', 'DepthwiseConv2D'],
    description: '2D convolutions',
  });
  const [kernel] = node.layer.getWeights();
  const [height, width, inChannels, filters] = kernel.shape;
  const values = Float32Array.from(await kernel.data());
  const isDepthwise = node.layer.getClassName() === 'DepthwiseConv2D';
  return {
    layer: node.name,
    height,
    width,
    inChannels: isDepthwise ? 1 : inChannels,
    filters: isDepthwise ? inChannels * filters : filters,
    values,
  };
}
