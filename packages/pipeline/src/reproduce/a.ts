import type { Source } from './source.js';

/** The six-convolution report on CIFAR-10 (Keras). */
export const a: Source = {
  about: 'the six-convolution report on CIFAR-10',
  networks: [
    {
      recipe: 'A',
      claims: [
        { what: 'parameters', reported: '816,938', measure: 'parameters' },
        { what: 'test accuracy', reported: '84.98%', measure: 'test accuracy' },
        { what: 'test loss', reported: '0.4496', measure: 'test loss' },
        { what: 'lowest validation loss', reported: '0.4028', measure: 'lowest validation loss' },
        { what: 'its epoch, whose weights are kept', reported: '48', measure: 'best epoch' },
        { what: 'learning rate cut after epochs', reported: '23, 30, 43', measure: 'rate cuts' },
        { what: 'relu1_1, smallest value', reported: '0', measure: { layer: 'relu1_1', of: 'min' } },
        { what: 'relu1_1, largest value', reported: '12.9964', measure: { layer: 'relu1_1', of: 'max' } },
        { what: 'relu1_1, mean', reported: '0.4621', measure: { layer: 'relu1_1', of: 'mean' } },
        { what: 'relu1_1, share of zeros', reported: '41.6%', measure: { layer: 'relu1_1', of: 'zero' } },
      ],
      looks: [
        { title: 'What the first layer puts out', method: 'statistics', layer: 'relu1_1' },
        { title: 'Which filters prefer a class', method: 'selectivity', layer: 'relu2_2' },
        { title: 'Where hiding a patch hurts', method: 'occlusion' },
        { title: 'Grad-CAM++', method: 'grad-cam-plus-plus', layer: 'last-conv' },
      ],
      shown: {
        training_curves: 'Loss and accuracy by epoch; dotted where the learning rate fell.',
        augmentation_examples: 'Training images, and what the network saw of them.',
        confusion_matrix: 'Which classes it takes for which.',
        conv1_filter_kernels: 'The kernels of the first layer.',
        feature_maps_cat: 'The third cat and its first maps of relu1_1.',
        max_activating_filter0: 'What filter 0 of relu2_2 answers to most, of all test images.',
        max_activating_filter10: 'The same of filter 10.',
        max_activating_filter25: 'The same of filter 25.',
        per_class_activation: 'How strongly filter 0 of relu2_2 answers to each class.',
        top20_activations: 'The 20 images that it answers to most, by class.',
        grad_cam_cat: 'What speaks for the class that the network chose.',
        optimized_classes: 'An image made for each class.',
      },
      differs: [
        'The source was trained with Keras, this with TensorFlow.js. The initial weights, the order of the images and the augmentation are drawn from other generators: another seed gives other last digits, and cuts the rate in other epochs.',
        'The source does not say over which images it measured the values of relu1_1; here it is all test images. Its largest and smallest value grow with their number.',
      ],
    },
  ],
};
