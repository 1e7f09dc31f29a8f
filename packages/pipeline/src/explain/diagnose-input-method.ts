import { diagnoseInput } from '@convlens/activations';
import { evenlySpaced, formatPixelScaling, selectImages } from '@convlens/core';
import type { ExplainMethod } from './explain-method.js';

/** More images do not change the diagnosis. */
const DIAGNOSIS_IMAGES = 500;

export const diagnoseInputMethod: ExplainMethod = {
  id: 'diagnose-input',
  title: 'input diagnosis: the preprocessing and the channel and class order of the training',
  options: [],
  async run({ opened, images, signal, onProgress }) {
    const sample = selectImages(images, evenlySpaced(images.count, DIAGNOSIS_IMAGES));
    const { conclusion, trials } = await diagnoseInput(opened.model, sample, {
      output: opened.output,
      signal,
      onProgress,
    });
    return {
      figures: [],
      conclusion,
      table: {
        columns: ['preprocessing', 'channels', 'axes', 'accuracy', 'permuted accuracy', 'name'],
        rows: trials.map(({ scaling, preprocessing, channelOrder, axes, accuracy, permutedAccuracy }) => [
          scaling,
          channelOrder,
          axes,
          accuracy.toFixed(3),
          permutedAccuracy.toFixed(3),
          formatPixelScaling(preprocessing) ?? '',
        ]),
      },
    };
  },
};
