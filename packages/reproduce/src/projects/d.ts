import { analysesOfEach } from './analyses-of-each.js';
import type { Analysis, Project, ProjectModel } from './project.js';

/**
 * The analyses of each model of the project; images are optimized with the visualization presets of the
 * project.
 */
const analysesOf = (layers: readonly string[]): Analysis[] => [
  ...analysesOfEach(layers, {
    title: 'All feature maps of *, each standardized',
    method: 'feature-maps',
    layer: '*',
    index: 0,
    columns: 16,
    colorScale: 'standardized',
  }),
  ...analysesOfEach(['conv1', 'conv2'], {
    title: 'Optimal stimuli of filters of *',
    method: 'optimal-stimuli',
    layer: '*',
    filters: [0, 1, 2, 3, 4, 5, 6, 7],
  }),
  ...analysesOfEach(layers, { title: 'Strongest filters of *', method: 'strongest-filters', layer: '*' }),
  { title: 'Feature visualization of the classes', method: 'feature-visualization' },
  ...analysesOfEach(layers, {
    title: 'Feature visualization of the filters of *',
    method: 'feature-visualization',
    layer: '*',
  }),
  { title: 'Deconvnet', method: 'deconvnet' },
  { title: 'Saliency of the logit', method: 'saliency' },
  { title: 'Gradients at pool2', method: 'layer-gradients', layer: 'pool2', index: 0 },
];

const figuresOf = (layers: readonly string[]): Record<string, string> => ({
  training_curves: 'Loss and accuracy by epoch.',
  confusion_matrix: 'The confusion matrix on the test images.',
  conv1_filter_kernels: 'The kernels of the first layer.',
  project_optimized_classes: 'The image that is optimized for each class.',
  project_optimized_scores: 'The class probabilities of these images.',
  ...Object.fromEntries(
    layers.flatMap((layer) => [
      [
        `project_standardized_feature_maps_${layer}_0`,
        `Test image 0 and its feature maps of ${layer}, each standardized.`,
      ],
      [`project_optimized_${layer}`, `Images that are optimized for filters of ${layer}.`],
    ]),
  ),
});

const FRAMEWORK_DIFFERENCE =
  'The project was trained with Keras and TensorFlow 1, this run with TensorFlow.js: other initial ' +
  'weights and another order of the images.';

const VALIDATION_DIFFERENCE =
  'The project validated on the test images during training. Here the first tenth of the training images ' +
  'is held out for validation, so the model is trained on 45,000 images in place of 50,000.';

const kerasCifar10: ProjectModel = {
  recipe: 'D-keras-cifar10',
  reportedResults: [
    { name: 'parameters', reported: '1,250,858', measure: 'parameters' },
    { name: 'test accuracy', reported: '79%', measure: 'test accuracy' },
    { name: 'validation accuracy, last epoch', measure: { epoch: 'last', metric: 'valAccuracy' } },
  ],
  analyses: analysesOf(['relu1', 'relu2', 'relu3', 'relu4']),
  figures: figuresOf(['relu1', 'relu4']),
  differences: [
    FRAMEWORK_DIFFERENCE,
    'Keras states 79% for this example after 50 epochs of all 50,000 images, which are 78,000 steps. The ' +
      '50 epochs of 1,000 steps that the project names are 50,000 steps: here the losses still fall at ' +
      'their end. Keras 3.15 itself, with the settings of this run, reaches a validation accuracy of 60.9% ' +
      'after 10 of these epochs; this run had 61.5%.',
    'Trained four times as long, it reaches a test accuracy of 80.21%: D-keras-cifar10-long.',
    VALIDATION_DIFFERENCE,
  ],
};

const kerasCifar10Long: ProjectModel = {
  ...kerasCifar10,
  recipe: 'D-keras-cifar10-long',
  reportedResults: [
    ...kerasCifar10.reportedResults,
    {
      name: 'test accuracy, test-time augmentation flips',
      measure: { testTimeAugmentation: 'flips' },
    },
    { name: 'training accuracy, last epoch', measure: { epoch: 'last', metric: 'accuracy' } },
  ],
  differences: [
    FRAMEWORK_DIFFERENCE,
    'Keras states 79% for this example after 50 epochs of all 50,000 images, which are 78,000 steps. ' +
      'These are 200,000 steps, four times those of D-keras-cifar10, of which this is the same run, ' +
      'trained for longer: the validation loss was lowest at epoch 161. The test accuracy was measured ' +
      'after 50 epochs (74.45%), 110 (78.20%) and 200.',
    VALIDATION_DIFFERENCE,
    'Its weights are keras-cifar10 of @convlens/pretrained.',
  ],
};

const cifar10SevenLayer: ProjectModel = {
  recipe: 'D-cifar10-7layer',
  reportedResults: [
    { name: 'parameters', reported: '4,778,954', measure: 'parameters' },
    {
      name: 'accuracy on 100 validation images, last epoch',
      reported: 'about 63%',
      measure: { epoch: 'last', metric: 'valAccuracy' },
    },
    { name: 'test accuracy', measure: 'test accuracy' },
  ],
  analyses: analysesOf(['relu1', 'relu2']),
  figures: figuresOf(['relu1', 'relu2']),
  differences: [
    FRAMEWORK_DIFFERENCE,
    'The accuracy on a hundred validation images has a standard error of about 5 points: compare the ' +
      'test accuracy too.',
    'In the TensorFlow version of the project dropout was not connected to the output and had no effect; ' +
      'here it is connected.',
  ],
};

const mnist5x5: ProjectModel = {
  recipe: 'D-mnist-5x5',
  reportedResults: [
    { name: 'test accuracy', reported: '98%', measure: 'test accuracy' },
    { name: 'training accuracy, last epoch', measure: { epoch: 'last', metric: 'accuracy' } },
    { name: 'validation accuracy, last epoch', measure: { epoch: 'last', metric: 'valAccuracy' } },
    { name: 'parameters', measure: 'parameters' },
  ],
  analyses: analysesOf(['relu1', 'relu2']),
  figures: figuresOf(['relu1', 'relu2']),
  differences: [
    FRAMEWORK_DIFFERENCE,
    'The project names neither its batch size nor its split: here the batch size is 32, and the last ' +
      'tenth is held out.',
  ],
};

const svhn4Conv: ProjectModel = {
  recipe: 'D-svhn-4conv',
  reportedResults: [
    { name: 'parameters', reported: '1,250,858', measure: 'parameters' },
    { name: 'test accuracy', reported: '90.5%', measure: 'test accuracy' },
    { name: 'validation accuracy, last epoch', measure: { epoch: 'last', metric: 'valAccuracy' } },
  ],
  analyses: analysesOf(['relu1', 'relu2', 'relu3', 'relu4']),
  figures: figuresOf(['relu1', 'relu4']),
  differences: [FRAMEWORK_DIFFERENCE],
};

/** The feature-visualization project on MNIST, SVHN and CIFAR-10 (Keras, TensorFlow 1). */
export const projectD: Project = {
  id: 'D',
  title: 'the feature-visualization project on MNIST, SVHN and CIFAR-10',
  models: [mnist5x5, cifar10SevenLayer, kerasCifar10, svhn4Conv],
};

/** One of its models, trained for longer. */
export const projectDKerasCifar10Long: Project = {
  id: 'D-keras-cifar10-long',
  title: "Keras's CIFAR-10 example of the feature-visualization project, trained for longer",
  models: [kerasCifar10Long],
};
