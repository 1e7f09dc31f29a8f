// What model cards state about each data set, by its id: its source, and the limitations of models that are
// trained on it.
const INTENDED_USE = 'Teaching and demonstrating explanation methods. Not for production use.';
const CLOSED_SET = 'Any other image is also assigned to one of these classes, often with high confidence.';
const OBJECT_SIZE =
  'The input is a 32 x 32 image that one object fills. A resized photograph is out of distribution.';

export const datasetInfo = {
  mnist: {
    source:
      'MNIST: LeCun, Cortes and Burges, from NIST special databases 1 and 3 ' +
      '(http://yann.lecun.com/exdb/mnist/)',
    intendedUse: INTENDED_USE,
    limitations: [
      'The input is a single digit, 28 x 28, light on dark, centered by center of mass, as in MNIST. ' +
        'Dark ink on light paper must be inverted first.',
      'The digits were written by Census Bureau employees and students in the United States, around 1990. ' +
        'Accuracy is lower for other handwriting and other shapes of digits.',
      CLOSED_SET,
    ],
  },
  cifar10: {
    source:
      'CIFAR-10: Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009 ' +
      '(https://www.cs.toronto.edu/~kriz/cifar.html)',
    intendedUse: INTENDED_USE,
    limitations: [
      OBJECT_SIZE,
      'The ten classes of animals and vehicles were collected from the web in 2008 by search terms. ' +
        'They are not a representative sample.',
      CLOSED_SET,
    ],
  },
  cifar100: {
    source:
      'CIFAR-100: Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009 ' +
      '(https://www.cs.toronto.edu/~kriz/cifar.html)',
    intendedUse: INTENDED_USE,
    limitations: [OBJECT_SIZE, CLOSED_SET],
  },
  svhn: {
    source:
      'SVHN, cropped digits: Netzer et al., Reading Digits in Natural Images with Unsupervised ' +
      'Feature Learning, 2011 (http://ufldl.stanford.edu/housenumbers)',
    intendedUse: INTENDED_USE,
    limitations: [
      'The input is a 32 x 32 crop around one digit of a house number in a photograph.',
      CLOSED_SET,
    ],
  },
};
