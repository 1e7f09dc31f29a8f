import { expectInteger, InputError, type ExactInput } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { findConvolution, findValue } from '../model/find-layer.js';
import { internals } from '../model/layer-kinds.js';
import { planModel } from '../model/plan.js';

export interface ExactInputsOptions {
  /** A convolution or a dense layer: a name, 'first-conv' (default) or 'last-conv'. */
  layer?: string;
  /** Which of its filters or units; default all. */
  filters?: readonly number[];
}

/**
 * What a filter of a convolution, or a unit of a dense layer, answers to most among all inputs within 0 to 1: 1 where its
 * weight is positive, 0 elsewhere. Exact, because before its activation a unit is a weighted sum; no optimization is
 * needed. For a first convolution that reads pixels scaled to 0..1 it is a patch of an image; for a deeper layer it is
 * told in the maps that the layer reads.
 */
export async function exactInputs(
  model: tf.LayersModel,
  { layer = 'first-conv', filters }: ExactInputsOptions = {},
): Promise<ExactInput[]> {
  const plan = planModel(model);
  const value = plan.names.has(layer)
    ? findValue(plan, layer)
    : (findConvolution(plan, layer)?.outputs[0] ?? findValue(plan, layer));
  const step = plan.steps.find(({ outputs }) => outputs[0] === value);
  if (!step || !['Conv2D', 'Dense'].includes(step.layer.getClassName())) {
    const choices = plan.steps.filter((one) => ['Conv2D', 'Dense'].includes(one.layer.getClassName()));
    throw new InputError(
      `Expected layer to be one of ${choices.map(({ name }) => name).join(', ')}, got ${step?.name ?? layer}`,
    );
  }
  const { kernel, bias } = internals(step.layer);
  const shape = kernel!.shape as number[];
  const units = shape[shape.length - 1];
  const [height, width] = shape.length === 4 ? shape : [1, 1];
  const channels = shape[shape.length - 2];
  const weights = await kernel!.read().data();
  const biases = await bias?.read().data();
  return (filters ?? Array.from({ length: units }, (_, i) => i)).map((filter) => {
    expectInteger('each of filters', filter, { max: units - 1 });
    const values = new Float32Array(height * width * channels);
    let maximum = biases?.[filter] ?? 0;
    for (let i = 0; i < values.length; i++) {
      const weight = weights[i * units + filter];
      if (weight <= 0) continue;
      values[i] = 1;
      maximum += weight;
    }
    return { layer: step.name, filter, height, width, channels, values, maximum };
  });
}
