import * as tf from '@tensorflow/tfjs';
import { InputError, type Heatmap, type Images } from '@convlens/core';
import { observe, type Observer } from './observe.js';
import { resizeMaps } from '../model/resize-maps.js';
import type { ReadOptions } from '../model/subject.js';

export interface ChannelMaximumOptions extends ReadOptions {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
  /** Whether to enlarge the map to the image (default), bilinearly with half-pixel centres. */
  resize?: boolean;
}

function observeChannelMaximum({
  layer = 'last-conv',
  resize = true,
}: Pick<ChannelMaximumOptions, 'layer' | 'resize'>): Observer<Heatmap[]> {
  return {
    layers: [layer],
    begin({ images, ...observed }) {
      const { name, spatial, channels, ...small } = observed.layer(layer);
      if (!spatial)
        throw new InputError(
          `Expected layer to put out maps (height x width x channels), got ${name}, which puts out [${channels}]`,
        );
      const { height, width } = resize ? images : small;
      const size = height * width;
      const heatmaps: Heatmap[] = [];
      return {
        async add(batch) {
          const largest = tf.tidy(() => {
            const maps = tf.max<tf.Tensor4D>(batch.output(layer), 3, true);
            return resize ? resizeMaps(maps, height, width) : maps;
          });
          const values = (await largest.data().finally(() => largest.dispose())) as Float32Array;
          for (let i = 0; i < batch.count; i++)
            heatmaps.push({
              method: 'channel-maximum',
              layer: name,
              classIndex: -1,
              index: observed.indexOf(batch.start + i),
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
 * Where a layer answers at all, whichever filter it is that does: at each place the largest value of any channel, in the
 * layer's own units. A heatmap an image, of no class (`classIndex` is -1).
 */
export async function channelMaximum(
  model: tf.LayersModel,
  images: Images,
  { layer, resize, ...options }: ChannelMaximumOptions = {},
): Promise<Heatmap[]> {
  const [heatmaps] = await observe(model, images, {
    ...options,
    observers: [observeChannelMaximum({ layer, resize })],
  });
  return heatmaps;
}
