import type { Source } from './source.js';

const COMPARED = 'Mean answers of the two groups by layer';

/** The layer-by-layer notebook on CIFAR-10 (Keras), with its exercises. */
export const b: Source = {
  about: 'the layer-by-layer notebook on CIFAR-10',
  networks: [
    {
      recipe: 'B',
      claims: [
        { what: 'parameters', reported: '592,554', measure: 'parameters' },
        ...['45.1%', '58.6%', '64.3%'].map((reported, i) => ({
          what: `accuracy while training, epoch ${i + 1}`,
          reported,
          measure: { epoch: i + 1, of: 'accuracy' } as const,
        })),
        ...['48.9%', '56.2%', '66.2%'].map((reported, i) => ({
          what: `validation accuracy, epoch ${i + 1}`,
          reported,
          measure: { epoch: i + 1, of: 'valAccuracy' } as const,
        })),
        { what: 'test accuracy', measure: 'test accuracy' },
      ],
      looks: [
        ...[1, 2, 3, 4].map((number) => ({
          title: `The maps of convolution ${number}`,
          method: 'feature-maps' as const,
          layer: `leaky_relu${number}`,
          index: 0,
        })),
        ...[1, 2, 3, 4].map((number) => ({
          title: `Where convolution ${number} answers most, whichever filter it is`,
          method: 'channel-maximum' as const,
          layer: `leaky_relu${number}`,
          index: 0,
        })),
        { title: 'The first dense layer', method: 'feature-maps', layer: 'leaky_relu5', index: 0 },
        {
          title: 'Three images on their way through the layers',
          method: 'layer-progression',
          classes: ['airplane', 'cat', 'horse'],
        },
        ...[2, 3, 4].map((number) => ({
          title: `The kernels of convolution ${number}, their first channel`,
          method: 'kernels' as const,
          layer: `conv${number}`,
        })),
        { title: 'What each layer puts out, in numbers', method: 'statistics' },
        { title: 'Which layer separates the classes best', method: 'separability' },
        { title: `Right and wrong. ${COMPARED}`, method: 'compare-groups' },
        { title: `Cats and dogs. ${COMPARED}`, method: 'compare-groups', classes: ['cat', 'dog'] },
        {
          title: 'Every filter of the last convolution by class',
          method: 'selectivity',
          layer: 'leaky_relu4',
        },
      ],
      shown: {
        training_curves: 'Loss and accuracy by epoch.',
        confusion_matrix: 'Which classes it takes for which.',
        network_diagram: 'The layers in their order, and what each puts out.',
        conv1_filter_kernels: 'The kernels of the first layer.',
        source_feature_maps_leaky_relu1_0: 'Test image 0 and its maps after the first convolution.',
        source_feature_maps_leaky_relu4_0: 'The same after the last one.',
        source_layer_progression: 'Three images on their way through the layers.',
        source_channel_maximum_leaky_relu2_0: 'Where the second convolution answers to test image 0.',
        source_activations_leaky_relu5_0: 'The first dense layer.',
        layer_separability: 'Which layer separates the classes best.',
        source_compared_right_wrong: 'How images that it gets right differ from those it gets wrong.',
        source_compared_cat_dog: 'The same for cats and dogs.',
        class_probabilities_airplane: 'What the network says of one image.',
      },
      differs: [
        'The source was trained with Keras, this with TensorFlow.js: other initial weights and another order of the images.',
        'In so few epochs, while batch norm still gathers its means, the validation accuracy moves by points. Seeds 1 to 10 end at 57.8 to 67.7% here, 63.9% in the mean, five of them within 2 points of the 66.2% of the source or above it; seeds 1 to 10 of Keras 3.15, with the same settings and images, at 53.4 to 66.3%, 63.1% in the mean, three of them. From seed to seed the three epochs vary by a standard deviation of 3.5, 3.2 and 3.1 points here, of 4.7, 3.8 and 3.6 in Keras. This page is of seed 1, as every page is.',
        'What is looked at has the weights of the epoch with the lowest validation loss; the source kept its last ones.',
      ],
    },
  ],
};
