import { featureMaps, findLayer, gradCam, predictions, saliency } from '@convlens/activations';
import { UNIT_RANGE, type Images, type ImageSet, type Preprocessing } from '@convlens/core';
import { subset } from '@convlens/image-set';
import type * as tf from '@tensorflow/tfjs';
import type { Sight, View } from './messages.js';

/** One image of a set, which remembers where it stood. */
const pickImage = (images: ImageSet, index: number): Images & { indices: number[] } => ({
  ...subset(images, [index]),
  indices: [index],
});

/** Whether there are maps of a convolution for Grad-CAM to weigh. */
function hasMaps(model: tf.LayersModel): boolean {
  try {
    return findLayer(model, 'last-conv') !== undefined;
  } catch {
    return false;
  }
}

/** What a network makes of images, and of one of them in a layer of it. */
export async function look(
  model: tf.LayersModel,
  {
    images,
    index,
    layer,
    preprocessing = UNIT_RANGE,
  }: View & { images: ImageSet; preprocessing?: Preprocessing },
): Promise<Sight> {
  const [heatmap] = await (hasMaps(model) ? gradCam : saliency)(model, pickImage(images, index), {
    preprocessing,
  });
  return {
    predictions: await predictions(model, images, { preprocessing }),
    maps: await featureMaps(model, images, { layer, indices: [index], preprocessing }),
    heatmap,
  };
}
