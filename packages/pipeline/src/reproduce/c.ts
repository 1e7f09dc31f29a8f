import type { Source } from './source.js';

/** The three-convolution report on CIFAR-10 (PyTorch). */
export const c: Source = {
  about: 'the three-convolution report on CIFAR-10',
  networks: [
    {
      recipe: 'C',
      claims: [
        { what: 'test accuracy', reported: '74.29%', measure: 'test accuracy' },
        { what: 'test loss', reported: '0.979', measure: 'test loss' },
        { what: 'training loss, epoch 1', reported: '1.39', measure: { epoch: 1, of: 'loss' } },
        { what: 'training loss, epoch 20', reported: '0.24', measure: { epoch: 20, of: 'loss' } },
        { what: 'lowest validation loss', reported: '0.741', measure: 'lowest validation loss' },
        { what: 'its epoch', reported: '6', measure: 'best epoch' },
        { what: 'validation loss, epoch 20', reported: '1.05', measure: { epoch: 20, of: 'valLoss' } },
      ],
      looks: [
        ...[1, 2, 3].map((number) => ({
          title: `The maps of convolution ${number}`,
          method: 'feature-maps' as const,
          layer: `relu${number}`,
          index: 0,
        })),
        {
          title: 'What filters 0, 5 and 10 of the first convolution answer to most',
          method: 'top-images',
          layer: 'conv1',
          filters: [0, 5, 10],
        },
        { title: 'Which filters do the same work', method: 'similar-filters', layer: 'conv1' },
      ],
      shown: {
        training_curves:
          'Loss and accuracy by epoch: after the ringed one the network learns its images by heart.',
        confusion_matrix: 'Which classes it takes for which.',
        conv1_filter_kernels: 'The kernels of the first layer.',
        source_feature_maps_relu1_0: 'Test image 0 and its maps after the first convolution.',
        source_top_images_conv1_0:
          'What filter 0 of conv1 answers to most, by the mean and by the largest value.',
        source_top_images_conv1_5: 'The same of filter 5.',
        source_top_images_conv1_10: 'The same of filter 10.',
        source_similar_filters_conv1: 'The filters of conv1 that are most alike.',
      },
      differs: [
        'The test loss of the source is near its last validation loss: it measured the network after the last epoch, when it had long been overfitting. Here the weights of the epoch with the lowest validation loss are kept and tested. The overfitting itself shows in the validation losses.',
        'The source was trained with PyTorch, this with TensorFlow.js. Layers start from the same distributions, drawn by another generator. Which fifth of the training images the source held out it does not say; here it is the last.',
      ],
    },
  ],
};
