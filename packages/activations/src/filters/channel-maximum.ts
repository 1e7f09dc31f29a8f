import * as tf from '@tensorflow/tfjs';
import {
  expectBoolean,
  expectOptions,
  InputError,
  type Heatmap,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import { resizeMaps } from '../model/resize-maps.js';
import { expectLayerOfImages } from '../observe/observed-layer.js';
import { runObservers } from '../observe/observe.js';
import type { Observer } from '../observe/observer.js';

export interface ChannelMaximumOptions extends InferenceOptions {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
  /** Whether to resize the map to the size of the image, bilinearly with half-pixel centers; default true. */
  resize?: boolean;
}

const CHANNEL_MAXIMUM_OPTIONS: OptionNames<ChannelMaximumOptions> = {
  ...INFERENCE_OPTIONS,
  layer: true,
  resize: true,
};

function observeChannelMaximum(layer: string, resize: boolean): Observer<Heatmap[]> {
  return {
    layers: [layer],
    begin({ images, indexOf, ...context }) {
      const { name, spatial, channels, ...mapSize } = expectLayerOfImages(context.layer(layer));
      if (!spatial)
        throw new InputError(
          `Expected layer to output feature maps (height x width x channels), ` +
            `got ${name} of shape [${channels}]`,
        );
      const { height, width } = resize ? images : mapSize;
      const size = height * width;
      const heatmaps: Heatmap[] = [];
      return {
        async add(batch) {
          const maxima = tf.tidy(() => {
            const maps = tf.max<tf.Tensor4D>(batch.output(layer), 3, true);
            return resize ? resizeMaps(maps, height, width) : maps;
          });
          const values = (await maxima.data().finally(() => maxima.dispose())) as Float32Array;
          for (let i = 0; i < batch.count; i++)
            heatmaps.push({
              method: 'channel-maximum',
              methodTitle: 'Channel maximum',
              layer: name,
              classIndex: -1,
              index: indexOf(batch.start + i),
              height,
              width,
              values: values.slice(i * size, (i + 1) * size),
              signed: false,
            });
        },
        finish: () => heatmaps,
      };
    },
  };
}

/**
 * The largest activation of any channel at each position of a layer, in the units of the layer: one heatmap
 * per image, of no class (`classIndex` is -1).
 *
 * @throws InputError if the layer does not output feature maps.
 */
export async function channelMaximum(
  model: tf.LayersModel,
  images: Images,
  options: ChannelMaximumOptions = {},
): Promise<Heatmap[]> {
  expectOptions('channelMaximum', options, CHANNEL_MAXIMUM_OPTIONS);
  const { layer = 'last-conv', resize = true, ...inference } = options;
  expectBoolean('resize', resize);
  const [heatmaps] = await runObservers(model, images, {
    ...inference,
    observers: [observeChannelMaximum(layer, resize)],
  });
  return heatmaps;
}
