import type * as tf from '@tensorflow/tfjs';
import type { LayerOptions } from '../keras/layer-options.js';

/** Creates the TensorFlow.js layer that computes what a Keras layer does, for inputs of these shapes. */
export type Builder = (options: LayerOptions, inputs: readonly tf.Shape[]) => tf.layers.Layer;

/** Builders by Keras class. */
export type Builders = Readonly<Record<string, Builder>>;

/** A function of tf.layers, such as tf.layers.conv2d. */
export type LayerFactory = (config: never) => tf.layers.Layer;
