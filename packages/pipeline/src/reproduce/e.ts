import type { Source } from './source.js';

/** The feature-map exercise on MNIST (Keras). */
export const e: Source = {
  about: 'the feature-map exercise on MNIST',
  networks: [
    {
      recipe: 'E',
      claims: [
        {
          what: 'accuracy while training, last epoch',
          reported: '98%',
          measure: { epoch: 'last', of: 'accuracy' },
        },
        {
          what: 'validation accuracy, last epoch',
          reported: '97%',
          measure: { epoch: 'last', of: 'valAccuracy' },
        },
        { what: 'test accuracy', measure: 'test accuracy' },
        { what: 'parameters', measure: 'parameters' },
      ],
      looks: [
        { title: 'All maps of the first convolution', method: 'feature-maps', layer: 'relu1', index: 0 },
        { title: 'All maps of the second', method: 'feature-maps', layer: 'relu2', index: 0 },
      ],
      shown: {
        training_curves: 'Loss and accuracy by epoch.',
        confusion_matrix: 'Which digits it takes for which.',
        mistakes: 'The mistakes that it is surest of.',
        conv1_filter_kernels: 'The kernels of the first layer.',
        source_feature_maps_relu1_0: 'Test image 0 and its maps of the first convolution.',
        source_feature_maps_relu2_0: 'The same of the second.',
      },
      differs: [
        'The source was trained with Keras, this with TensorFlow.js: other initial weights and another order of the images.',
        'The source draws the maps in grey; here they are drawn in a colour map whose steps look alike (viridis).',
      ],
    },
  ],
};
