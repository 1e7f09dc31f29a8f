import type { Project } from './project.js';

/** The report on six convolutions on CIFAR-10 (Keras). */
export const projectA: Project = {
  id: 'A',
  title: 'the six-convolution report on CIFAR-10',
  models: [
    {
      recipe: 'A',
      reportedResults: [
        { name: 'parameters', reported: '816,938', measure: 'parameters' },
        { name: 'test accuracy', reported: '84.98%', measure: 'test accuracy' },
        { name: 'test loss', reported: '0.4496', measure: 'test loss' },
        { name: 'lowest validation loss', reported: '0.4028', measure: 'lowest validation loss' },
        { name: 'best epoch', reported: '48', measure: 'best epoch' },
        {
          name: 'learning-rate cuts after epochs',
          reported: '23, 30, 43',
          measure: 'learning-rate cuts',
        },
        { name: 'relu1_1, minimum', reported: '0', measure: { layer: 'relu1_1', statistic: 'min' } },
        { name: 'relu1_1, maximum', reported: '12.9964', measure: { layer: 'relu1_1', statistic: 'max' } },
        { name: 'relu1_1, mean', reported: '0.4621', measure: { layer: 'relu1_1', statistic: 'mean' } },
        { name: 'relu1_1, sparsity', reported: '41.6%', measure: { layer: 'relu1_1', statistic: 'zero' } },
      ],
      analyses: [
        { title: 'Statistics of the first layer', method: 'statistics', layer: 'relu1_1' },
        { title: 'Class selectivity of the filters', method: 'selectivity', layer: 'relu2_2' },
        { title: 'Occlusion', method: 'occlusion' },
        { title: 'Grad-CAM++', method: 'grad-cam-plus-plus', layer: 'last-conv' },
      ],
      figures: {
        training_curves: 'Loss and accuracy by epoch; dotted lines are learning-rate cuts.',
        augmentation_examples: 'Training images, and the same images augmented.',
        confusion_matrix: 'The confusion matrix on the test images.',
        conv1_filter_kernels: 'The kernels of the first layer.',
        feature_maps_cat: 'The third cat and its first feature maps of relu1_1.',
        max_activating_filter0: 'The test images that filter 0 of relu2_2 activates on most.',
        max_activating_filter10: 'The same for filter 10.',
        max_activating_filter25: 'The same for filter 25.',
        per_class_activation: 'The mean activation of filter 0 of relu2_2 for each class.',
        top20_activations: 'The classes of the 20 images that it activates on most.',
        grad_cam_cat: 'The evidence for the predicted class.',
        optimized_classes: 'The image that is optimized for each class.',
      },
      differences: [
        'The project was trained with Keras, this run with TensorFlow.js. The initial weights, the order ' +
          'of the images and the augmentation come from other random generators: another seed changes the ' +
          'last digits, and the epochs of the learning-rate cuts.',
        'The project does not say on which images it measured the statistics of relu1_1; here it is all ' +
          'test images. The maximum and the minimum grow with the number of images.',
      ],
    },
  ],
};
