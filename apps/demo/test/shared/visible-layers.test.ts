import { summarizeModel } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { visibleLayers } from '../../src/shared/visible-layers.js';

it('contains layers that output feature maps or units, not those that output their input or a sequence', () => {
  const { conv2d, dropout, flatten, reshape, dense } = tf.layers;
  const model = tf.sequential({
    layers: [
      conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, name: 'maps' }),
      dropout({ rate: 0.5, name: 'dropped' }),
      reshape({ targetShape: [36, 4], name: 'rows' }),
      flatten({ name: 'flat' }),
      dense({ units: 2, name: 'units' }),
    ],
  });
  expect(visibleLayers(summarizeModel(model)).map(({ name }) => name)).toEqual(['maps', 'units']);
  model.dispose();
});
