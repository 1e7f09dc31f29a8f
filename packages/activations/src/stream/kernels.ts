import type * as tf from '@tensorflow/tfjs';
import { InputError, type FilterBank } from '@convlens/core';
import { findConvolution, findValue } from '../model/find-layer.js';
import { planModel } from '../model/plan.js';

const HAVE_KERNELS = ['Conv2D', 'DepthwiseConv2D'];

export interface KernelsOptions {
  /** The convolution: a name, 'first-conv' (default) or 'last-conv'. */
  layer?: string;
}

/**
 * The kernels of a 2D convolution. Those of a depthwise one are filters of one input channel each, in the order of the
 * channels that it puts out.
 */
export async function kernels(
  model: tf.LayersModel,
  { layer = 'first-conv' }: KernelsOptions = {},
): Promise<FilterBank> {
  const plan = planModel(model);
  const named = plan.names.has(layer) ? undefined : findConvolution(plan, layer);
  const value = named ? named.outputs[0] : findValue(plan, layer);
  const step = plan.steps.find(({ outputs }) => outputs[0] === value);
  if (!step || !HAVE_KERNELS.includes(step.layer.getClassName())) {
    const choices = plan.steps.filter((other) => HAVE_KERNELS.includes(other.layer.getClassName()));
    const names = choices.map(({ name }) => name).join(', ') || '(there are none)';
    throw new InputError(
      `Expected layer to be one of the 2D convolutions ${names}, got ${step?.name ?? layer}`,
    );
  }
  const [kernel] = step.layer.getWeights();
  const [height, width, inChannels, filters] = kernel.shape;
  const values = Float32Array.from(await kernel.data());
  const depthwise = step.layer.getClassName() === 'DepthwiseConv2D';
  return {
    layer: step.name,
    height,
    width,
    inChannels: depthwise ? 1 : inChannels,
    filters: depthwise ? inChannels * filters : filters,
    values,
  };
}
