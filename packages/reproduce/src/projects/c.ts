import { analysesOfEach } from './analyses-of-each.js';
import type { Project } from './project.js';

/** The report on three convolutions on CIFAR-10 (PyTorch). */
export const projectC: Project = {
  id: 'C',
  title: 'the three-convolution report on CIFAR-10',
  models: [
    {
      recipe: 'C',
      reportedResults: [
        { name: 'test accuracy', reported: '74.29%', measure: 'test accuracy' },
        { name: 'test loss', reported: '0.979', measure: 'test loss' },
        { name: 'training loss, epoch 1', reported: '1.39', measure: { epoch: 1, metric: 'loss' } },
        { name: 'training loss, epoch 20', reported: '0.24', measure: { epoch: 20, metric: 'loss' } },
        { name: 'lowest validation loss', reported: '0.741', measure: 'lowest validation loss' },
        { name: 'best epoch', reported: '6', measure: 'best epoch' },
        { name: 'validation loss, epoch 20', reported: '1.05', measure: { epoch: 20, metric: 'valLoss' } },
      ],
      analyses: [
        ...analysesOfEach([1, 2, 3], {
          title: 'Feature maps of convolution *',
          method: 'feature-maps',
          layer: 'relu*',
          index: 0,
        }),
        {
          title: 'Top activations of filters 0, 5 and 10 of the first convolution',
          method: 'top-activations',
          layer: 'conv1',
          filters: [0, 5, 10],
        },
        { title: 'Similar filters', method: 'similar-filters', layer: 'conv1' },
      ],
      figures: {
        training_curves: 'Loss and accuracy by epoch: after the ringed epoch the model overfits.',
        confusion_matrix: 'The confusion matrix on the test images.',
        conv1_filter_kernels: 'The kernels of the first layer.',
        project_feature_maps_relu1_0: 'Test image 0 and its feature maps after the first convolution.',
        project_top_activations_conv1_0:
          'The test images that filter 0 of conv1 activates on most, by the mean and by the maximum of ' +
          'the feature map.',
        project_top_activations_conv1_5: 'The same for filter 5.',
        project_top_activations_conv1_10: 'The same for filter 10.',
        project_similar_filters_conv1: 'The most similar filters of conv1.',
      },
      differences: [
        'The test loss of the project is near its last validation loss: it evaluated the model after the ' +
          'last epoch, when it was overfitting. Here the weights of the epoch with the lowest validation ' +
          'loss are evaluated. The overfitting itself shows in the validation losses.',
        'The project was trained with PyTorch, this run with TensorFlow.js. The initial weights have the ' +
          'same distributions, from another random generator. The project does not say which fifth of the ' +
          'training images it held out; here it is the last.',
      ],
    },
  ],
};
