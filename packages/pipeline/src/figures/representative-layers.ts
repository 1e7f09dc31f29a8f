import { keyLayers } from '@convlens/activations';
import { expectModel, InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/** The layers that a report shows, by name. */
export interface RepresentativeLayers {
  /** The first Conv2D: its kernels are shown. */
  readonly kernels: string;
  /**
   * The output of the first convolution, after batch normalization and activation: its feature maps are
   * shown.
   */
  readonly early: string;
  /** The output of the convolution in the middle of the model: its top activations are shown. */
  readonly middle: string;
  /** The outputs of all convolutions. */
  readonly convolutions: readonly string[];
}

/** The class of the layer, or of the node of a graph model. */
const CONV2D = /^(tf\._?(Fused)?)?Conv2D$/;

/**
 * Selects layers by their role, in nested models too.
 *
 * @throws InputError if the model has no Conv2D layer.
 */
export function representativeLayers(model: tf.LayersModel): RepresentativeLayers {
  expectModel('model', model);
  const convolutions = keyLayers(model).filter(({ kind }) => kind === 'convolution');
  const firstConv2d = convolutions.find(({ layer }) => CONV2D.test(layer.getClassName()));
  if (!firstConv2d)
    throw new InputError(
      `Expected a model with Conv2D layers, whose kernels are shown, got ${model.name} without`,
    );
  const outputs = convolutions.map(({ output }) => output);
  return {
    kernels: firstConv2d.name,
    early: outputs[0],
    middle: outputs[Math.floor(outputs.length / 2)],
    convolutions: outputs,
  };
}
