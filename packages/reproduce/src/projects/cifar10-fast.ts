import type { Project } from './project.js';

/** Our own recipe on CIFAR-10, compared with project A and with airbench94. */
export const projectCifar10Fast: Project = {
  id: 'cifar10-fast',
  title: 'our own recipe on CIFAR-10, compared with project A',
  models: [
    {
      recipe: 'cifar10-fast',
      reportedResults: [
        {
          name: 'test accuracy (project A: after 50 epochs)',
          reported: '84.98%',
          measure: 'test accuracy',
        },
        {
          name: 'test accuracy, test-time augmentation flips-and-shifts (airbench94)',
          reported: '94.0%',
          measure: { testTimeAugmentation: 'flips-and-shifts' },
        },
        {
          name: 'test accuracy, test-time augmentation flips',
          measure: { testTimeAugmentation: 'flips' },
        },
        { name: 'test loss (project A)', reported: '0.4496', measure: 'test loss' },
        { name: 'validation accuracy, last epoch', measure: { epoch: 'last', metric: 'valAccuracy' } },
        { name: 'training accuracy, last epoch', measure: { epoch: 'last', metric: 'accuracy' } },
        { name: 'parameters (project A)', reported: '816,938', measure: 'parameters' },
      ],
      analyses: [
        { title: 'Occlusion', method: 'occlusion' },
        { title: 'Grad-CAM++', method: 'grad-cam-plus-plus', layer: 'last-conv' },
        { title: 'Class selectivity of the filters', method: 'selectivity', layer: 'relu3_2' },
        {
          title: 'Top activations of filters',
          method: 'top-activations',
          layer: 'relu3_2',
          filters: [0, 10, 25],
        },
      ],
      figures: {
        training_curves: 'Loss and accuracy by epoch.',
        augmentation_examples: 'Training images, and the same images augmented.',
        confusion_matrix: 'The confusion matrix on the test images.',
        mistakes: 'The mistakes with the highest confidence.',
        conv1_filter_kernels: 'The kernels of the first layer: they whiten patches and are frozen.',
        grad_cam_cat: 'The evidence for the predicted class.',
        project_top_activations_relu3_2_0: 'The test images that filter 0 of relu3_2 activates on most.',
        project_top_activations_relu3_2_10: 'The same for filter 10.',
        optimized_classes: 'The image that is optimized for each class.',
      },
      differences: [
        'The architecture and the recipe are not those of project A. They follow airbench94 (Jordan, 94% ' +
          'on CIFAR-10 in 3.29 Seconds on a Single GPU, 2024), with ReLU for GELU, without Lookahead, and ' +
          'with 45,000 training images instead of 50,000, since the validation images are held out. ' +
          'docs/benchmarks/cifar10-fast.md has the effect of each ingredient.',
        'The training loss cannot be compared with the others: its targets have a label smoothing of 0.2.',
      ],
    },
  ],
};
