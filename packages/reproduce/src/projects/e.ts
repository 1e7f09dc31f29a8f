import type { Project } from './project.js';

/** The feature-map exercise on MNIST (Keras). */
export const projectE: Project = {
  id: 'E',
  title: 'the feature-map exercise on MNIST',
  models: [
    {
      recipe: 'E',
      reportedResults: [
        {
          name: 'training accuracy, last epoch',
          reported: '98%',
          measure: { epoch: 'last', metric: 'accuracy' },
        },
        {
          name: 'validation accuracy, last epoch',
          reported: '97%',
          measure: { epoch: 'last', metric: 'valAccuracy' },
        },
        { name: 'test accuracy', measure: 'test accuracy' },
        { name: 'parameters', measure: 'parameters' },
      ],
      analyses: [
        {
          title: 'All feature maps of the first convolution',
          method: 'feature-maps',
          layer: 'relu1',
          index: 0,
        },
        {
          title: 'All feature maps of the second convolution',
          method: 'feature-maps',
          layer: 'relu2',
          index: 0,
        },
      ],
      figures: {
        training_curves: 'Loss and accuracy by epoch.',
        confusion_matrix: 'The confusion matrix on the test images.',
        mistakes: 'The mistakes with the highest confidence.',
        conv1_filter_kernels: 'The kernels of the first layer.',
        project_feature_maps_relu1_0: 'Test image 0 and its feature maps of the first convolution.',
        project_feature_maps_relu2_0: 'The same for the second convolution.',
      },
      differences: [
        'The project was trained with Keras, this run with TensorFlow.js: other initial weights and ' +
          'another order of the images.',
        'The project renders the feature maps in gray; here the color map is viridis, which is ' +
          'perceptually uniform.',
      ],
    },
  ],
};
