import { featureMaps, findLayer, gradCam, predictions, saliency } from '@convlens/activations';
import { isInputError, selectImages, UNIT_RANGE, type ImageSet, type Preprocessing } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import type { Inspection, Selection } from '../shared/messages.js';

/** Grad-CAM needs the feature maps of a convolution. */
function hasConvolution(model: tf.LayersModel): boolean {
  try {
    findLayer(model, 'last-conv');
    return true;
  } catch (error) {
    if (isInputError(error)) return false;
    throw error;
  }
}

export interface InspectModelOptions extends Selection {
  images: ImageSet;
  /** Default UNIT_RANGE. */
  preprocessing?: Preprocessing;
}

/** The predictions for all images, and the feature maps and the heatmap of the selected one. */
export async function inspectModel(
  model: tf.LayersModel,
  { images, index, layer, preprocessing = UNIT_RANGE }: InspectModelOptions,
): Promise<Inspection> {
  const explain = hasConvolution(model) ? gradCam : saliency;
  const [heatmap] = await explain(model, selectImages(images, [index]), { preprocessing });
  return {
    predictions: await predictions(model, images, { preprocessing }),
    maps: await featureMaps(model, images, { layer, indices: [index], preprocessing }),
    heatmap,
  };
}
