import type * as tf from '@tensorflow/tfjs';
import { activationAfter } from './find-layer.js';
import { isConvolution } from './layer-kinds.js';
import { planModel } from './plan.js';

/** A layer that makes something else of an image. */
export interface KeyLayer {
  readonly kind: 'convolution' | 'pooling' | 'dense';
  /** As `layerNames` has it. */
  readonly name: string;
  /** The layer whose output to look at: after the batch normalization and the activation that directly follow, if any. */
  readonly output: string;
  readonly layer: tf.layers.Layer;
}

const kindOf = (layer: tf.layers.Layer): KeyLayer['kind'] | undefined => {
  if (isConvolution(layer)) return 'convolution';
  const name = layer.getClassName();
  return name === 'Dense' ? 'dense' : /Pooling2D$/.test(name) ? 'pooling' : undefined;
};

/**
 * The layers to look at where nobody says which: convolutions of images, pooling and dense layers in the order they run,
 * those of nested models too.
 */
export function keyLayers(model: tf.LayersModel): KeyLayer[] {
  const plan = planModel(model);
  return plan.steps.flatMap((step) => {
    const { name, layer } = step;
    const kind = kindOf(layer);
    if (!kind) return [];
    const value = kind === 'pooling' ? step.outputs[0] : activationAfter(plan, step);
    const { name: output } = plan.steps.find(({ outputs }) => outputs[0] === value)!;
    return [{ kind, name, output, layer }];
  });
}
