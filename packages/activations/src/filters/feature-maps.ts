import type * as tf from '@tensorflow/tfjs';
import {
  expectObject,
  expectList,
  expectOptions,
  type FeatureMaps,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { expectLayerOfImages } from '../observe/observed-layer.js';
import { runObservers } from '../observe/observe.js';
import type { Observer } from '../observe/observer.js';

export interface ObserveFeatureMapsOptions {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
}

const OBSERVE_FEATURE_MAPS_OPTIONS: OptionNames<ObserveFeatureMapsOptions> = { layer: true };

/** Collects the output of a layer for all images; memory grows with their number. */
export function observeFeatureMaps(options: ObserveFeatureMapsOptions = {}): Observer<FeatureMaps> {
  expectOptions('observeFeatureMaps', options, OBSERVE_FEATURE_MAPS_OPTIONS);
  const { layer = 'last-conv' } = options;
  return {
    layers: [layer],
    begin({ images, indexOf, ...context }) {
      const { name, height, width, channels } = expectLayerOfImages(context.layer(layer));
      const size = height * width * channels;
      const values = new Float32Array(images.count * size);
      return {
        async add(batch) {
          values.set(await batch.values(layer), batch.start * size);
        },
        finish: () => ({
          layer: name,
          indices: Array.from({ length: images.count }, (_, position) => indexOf(position)),
          count: images.count,
          height,
          width,
          channels,
          values,
        }),
      };
    },
  };
}

export interface LayerOutputsOptions extends InferenceOptions {
  /** The layers, by name or role. */
  layers: readonly string[];
}

const LAYER_OUTPUTS_OPTIONS: OptionNames<LayerOutputsOptions> = { ...INFERENCE_OPTIONS, layers: true };

/** The outputs of layers for all images, one record per layer. All are held in memory. */
export async function layerOutputs(
  model: tf.LayersModel,
  images: Images,
  options: LayerOutputsOptions,
): Promise<FeatureMaps[]> {
  expectOptions('layerOutputs', options, LAYER_OUTPUTS_OPTIONS);
  expectObject('the options of layerOutputs', options);
  expectList('layers', options.layers);
  const { layers, ...inference } = options;
  const observers = layers.map((layer) => observeFeatureMaps({ layer }));
  return runObservers(model, images, { ...inference, observers });
}

export interface FeatureMapsOptions extends ObserveFeatureMapsOptions, InferenceOptions {}

const FEATURE_MAPS_OPTIONS: OptionNames<FeatureMapsOptions> = {
  ...INFERENCE_OPTIONS,
  ...OBSERVE_FEATURE_MAPS_OPTIONS,
};

/** The output of a layer for all images: feature maps, or the units of a dense layer as maps of 1 x 1. */
export async function featureMaps(
  model: tf.LayersModel,
  images: Images,
  options: FeatureMapsOptions = {},
): Promise<FeatureMaps> {
  expectOptions('featureMaps', options, FEATURE_MAPS_OPTIONS);
  const { layer, ...inference } = options;
  const [result] = await runObservers(model, images, {
    ...inference,
    observers: [observeFeatureMaps({ layer })],
  });
  return result;
}
