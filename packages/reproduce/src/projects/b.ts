import { analysesOfEach } from './analyses-of-each.js';
import type { Project } from './project.js';

const CONVOLUTIONS = [1, 2, 3, 4];

const resultsByEpoch = (name: string, metric: 'accuracy' | 'valAccuracy', texts: readonly string[]) =>
  texts.map((reported, i) => ({ name: `${name} ${i + 1}`, reported, measure: { epoch: i + 1, metric } }));

/** The layer-by-layer notebook on CIFAR-10 (Keras), with its exercises. */
export const projectB: Project = {
  id: 'B',
  title: 'the layer-by-layer notebook on CIFAR-10',
  models: [
    {
      recipe: 'B',
      reportedResults: [
        { name: 'parameters', reported: '592,554', measure: 'parameters' },
        ...resultsByEpoch('training accuracy, epoch', 'accuracy', ['45.1%', '58.6%', '64.3%']),
        ...resultsByEpoch('validation accuracy, epoch', 'valAccuracy', ['48.9%', '56.2%', '66.2%']),
        { name: 'test accuracy', measure: 'test accuracy' },
      ],
      analyses: [
        ...analysesOfEach(CONVOLUTIONS, {
          title: 'Feature maps of convolution *',
          method: 'feature-maps',
          layer: 'leaky_relu*',
          index: 0,
        }),
        ...analysesOfEach(CONVOLUTIONS, {
          title: 'Maximum over the channels of convolution *',
          method: 'channel-maximum',
          layer: 'leaky_relu*',
          index: 0,
        }),
        { title: 'The first dense layer', method: 'feature-maps', layer: 'leaky_relu5', index: 0 },
        {
          title: 'Three images through the layers',
          method: 'layer-progression',
          classes: ['airplane', 'cat', 'horse'],
        },
        ...analysesOfEach([2, 3, 4], {
          title: 'Kernels of convolution *, first channel',
          method: 'kernels',
          layer: 'conv*',
        }),
        { title: 'Statistics of the layer outputs', method: 'statistics' },
        { title: 'Class separability by layer', method: 'separability' },
        { title: 'Activations of the layers for correct and wrong predictions', method: 'compare-groups' },
        {
          title: 'Activations of the layers for cats and dogs',
          method: 'compare-groups',
          classes: ['cat', 'dog'],
        },
        {
          title: 'Class selectivity of the filters of the last convolution',
          method: 'selectivity',
          layer: 'leaky_relu4',
        },
      ],
      figures: {
        training_curves: 'Loss and accuracy by epoch.',
        confusion_matrix: 'The confusion matrix on the test images.',
        network_diagram: 'The layers in order, with their output shapes.',
        conv1_filter_kernels: 'The kernels of the first layer.',
        project_feature_maps_leaky_relu1_0: 'Test image 0 and its feature maps after the first convolution.',
        project_feature_maps_leaky_relu4_0: 'The same after the last convolution.',
        project_layer_progression: 'Three images through the layers.',
        project_channel_maximum_leaky_relu2_0:
          'The maximum over the channels of the second convolution, at each position of test image 0.',
        project_activations_leaky_relu5_0: 'The first dense layer.',
        layer_separability: 'How well each layer separates the classes.',
        project_compared_correct_wrong: 'Activations for correctly and for wrongly classified images.',
        project_compared_cat_dog: 'The same for cats and dogs.',
        class_probabilities_airplane: 'The class probabilities of one image.',
      },
      differences: [
        'The project was trained with Keras, this run with TensorFlow.js: other initial weights and ' +
          'another order of the images.',
        'In so few epochs, while the moving averages of batch normalization are still settling, the ' +
          'validation accuracy varies by points. Seeds 1 to 10 end at 57.8 to 67.7% here, 63.9% on ' +
          'average, five of them within 2 points of the 66.2% of the project or above it; seeds 1 to 10 of ' +
          'Keras 3.15, with the same settings and images, end at 53.4 to 66.3%, 63.1% on average, three of ' +
          'them within 2 points. The standard deviation over the seeds, epoch by epoch, is 3.5, 3.2 and ' +
          '3.1 points here, and 4.7, 3.8 and 3.6 in Keras. This page is of seed 1, as every page is.',
        'The figures show the weights of the epoch with the lowest validation loss; the project kept the ' +
          'last ones.',
      ],
    },
  ],
};
