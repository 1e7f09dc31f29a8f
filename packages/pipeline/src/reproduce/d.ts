import type { Look, Source, SourceNetwork } from './source.js';

/** What the project looks at in each of its networks; the images are made with the recipes of `optimizeImages`. */
const looksAt = (layers: readonly string[], last: string): Look[] => [
  ...layers.map((layer): Look => ({
    title: `All maps of ${layer}, each standardized`,
    method: 'feature-maps',
    layer,
    index: 0,
    columns: 16,
    scale: 'standardized',
  })),
  ...['conv1', 'conv2'].map((layer): Look => ({
    title: `The exact input that filters of ${layer} want`,
    method: 'exact-inputs',
    layer,
    filters: [0, 1, 2, 3, 4, 5, 6, 7],
  })),
  ...layers.map((layer): Look => ({
    title: `Which map of ${layer} answers most`,
    method: 'strongest-filters',
    layer,
  })),
  { title: 'Images made for the classes', method: 'optimize' },
  ...layers.map((layer): Look => ({
    title: `Images made for the filters of ${layer}`,
    method: 'optimize',
    layer,
  })),
  { title: 'Deconvnet', method: 'deconvnet' },
  { title: 'Saliency of the class score before softmax', method: 'saliency' },
  { title: `Gradients at ${last}`, method: 'layer-gradients', layer: last, index: 0 },
];

const SHOWN = {
  training_curves: 'Loss and accuracy by epoch.',
  confusion_matrix: 'Which classes it takes for which.',
  conv1_filter_kernels: 'The kernels of the first layer.',
  source_optimized_classes: 'An image made for each class.',
  source_optimized_scores: 'What the network says of these images.',
};

const shownOf = (layers: readonly string[]): Record<string, string> => ({
  ...SHOWN,
  ...Object.fromEntries(
    layers.flatMap((layer) => [
      [`source_standardized_feature_maps_${layer}_0`, `Test image 0 and its maps of ${layer}.`],
      [`source_optimized_${layer}`, `Images made for filters of ${layer}.`],
    ]),
  ),
});

const FRAMEWORK =
  'The source was trained with Keras and TensorFlow 1, this with TensorFlow.js: other initial weights and another order of the images.';

const HELD_OUT =
  'The source watched the test images while training. Here the first tenth of the training images is held out for that, so the network learns from 45,000 images in place of 50,000.';

const kerasCifar10: SourceNetwork = {
  recipe: 'D-keras-cifar10',
  claims: [
    { what: 'parameters', reported: '1,250,858', measure: 'parameters' },
    { what: 'test accuracy', reported: '79%', measure: 'test accuracy' },
    { what: 'validation accuracy, last epoch', measure: { epoch: 'last', of: 'valAccuracy' } },
  ],
  looks: looksAt(['relu1', 'relu2', 'relu3', 'relu4'], 'pool2'),
  shown: shownOf(['relu1', 'relu4']),
  differs: [
    FRAMEWORK,
    'Keras says of this example that it gets to 79% after 50 epochs of all 50,000 images, which are 78,000 steps. The 50 epochs of 1,000 steps that the source names are 50,000: here the losses still fall when they end. Keras 3.15 itself, with the settings of this run, reaches 60.9% of the validation images after 10 of these epochs, where this run had 61.5%.',
    'Trained four times as long, it gets 80.21% of the test images: D-keras-cifar10-long.',
    HELD_OUT,
  ],
};

const kerasCifar10Long: SourceNetwork = {
  ...kerasCifar10,
  recipe: 'D-keras-cifar10-long',
  claims: [
    ...kerasCifar10.claims,
    { what: 'test accuracy, mean over flips', measure: { average: 'flips' } },
    { what: 'accuracy while training, last epoch', measure: { epoch: 'last', of: 'accuracy' } },
  ],
  differs: [
    FRAMEWORK,
    'Keras says of this example that it gets to 79% after 50 epochs of all 50,000 images, which are 78,000 steps. These are 200,000, four times those of D-keras-cifar10, of which this is the same run, trained on: the validation loss was lowest at epoch 161. The test images were looked at after 50 epochs (74.45%), 110 (78.20%) and 200.',
    HELD_OUT,
    'Its weights are keras-cifar10 of @convlens/pretrained.',
  ],
};

const cifar107layer: SourceNetwork = {
  recipe: 'D-cifar10-7layer',
  claims: [
    { what: 'parameters', reported: '4,778,954', measure: 'parameters' },
    {
      what: 'accuracy on 100 validation images, last epoch',
      reported: 'about 63%',
      measure: { epoch: 'last', of: 'valAccuracy' },
    },
    { what: 'test accuracy', measure: 'test accuracy' },
  ],
  looks: looksAt(['relu1', 'relu2'], 'pool2'),
  shown: shownOf(['relu1', 'relu2']),
  differs: [
    FRAMEWORK,
    'A hundred validation images measure an accuracy to about 5 points: compare the test accuracy too.',
    'The TensorFlow version of the source wired its dropout past the output, so that it had none; here it is wired in.',
  ],
};

const mnist5x5: SourceNetwork = {
  recipe: 'D-mnist-5x5',
  claims: [
    { what: 'test accuracy', reported: '98%', measure: 'test accuracy' },
    { what: 'accuracy while training, last epoch', measure: { epoch: 'last', of: 'accuracy' } },
    { what: 'validation accuracy, last epoch', measure: { epoch: 'last', of: 'valAccuracy' } },
    { what: 'parameters', measure: 'parameters' },
  ],
  looks: looksAt(['relu1', 'relu2'], 'pool2'),
  shown: shownOf(['relu1', 'relu2']),
  differs: [FRAMEWORK, 'The source names neither its batch size nor its split: here 32, and the last tenth.'],
};

const svhn4conv: SourceNetwork = {
  recipe: 'D-svhn-4conv',
  claims: [
    { what: 'parameters', reported: '1,250,858', measure: 'parameters' },
    { what: 'test accuracy', reported: '90.5%', measure: 'test accuracy' },
    { what: 'validation accuracy, last epoch', measure: { epoch: 'last', of: 'valAccuracy' } },
  ],
  looks: looksAt(['relu1', 'relu2', 'relu3', 'relu4'], 'pool2'),
  shown: shownOf(['relu1', 'relu4']),
  differs: [FRAMEWORK],
};

/** The feature-visualization project on MNIST, SVHN and CIFAR-10 (Keras, TensorFlow 1). */
export const d: Source = {
  about: 'the feature-visualization project on MNIST, SVHN and CIFAR-10',
  networks: [mnist5x5, cifar107layer, kerasCifar10, svhn4conv],
};

/** One of its networks, trained on. */
export const dKerasCifar10Long: Source = {
  about: "Keras's CIFAR-10 example of the feature-visualization project, trained on",
  networks: [kerasCifar10Long],
};
