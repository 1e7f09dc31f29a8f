// What the cards say of each data set: its source, and what follows from it for a network that was trained on it.
const COURSE =
  'Looking inside a trained network, in teaching and in examples. Nothing that anyone depends on.';
const SIZE_ONLY =
  'Anything else that it is shown is given one of these classes too, often with a high probability.';

export const aboutData = {
  mnist: {
    source:
      'MNIST: LeCun, Cortes and Burges, from NIST special databases 1 and 3 (http://yann.lecun.com/exdb/mnist/)',
    intendedUse: COURSE,
    limits: [
      'It reads single digits, 28 x 28, light on dark, centred by their mass as MNIST has them. Dark ink on light paper must be inverted first.',
      'Written by employees of the Census Bureau and by students in the United States, around 1990: other hands and other shapes of digits are read less well.',
      SIZE_ONLY,
    ],
  },
  cifar10: {
    source:
      'CIFAR-10: Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009 (https://www.cs.toronto.edu/~kriz/cifar.html)',
    intendedUse: COURSE,
    limits: [
      'It reads 32 x 32 images with one object that fills them. A photograph that is resized to that is unlike what it was trained on.',
      'Ten classes of animals and vehicles, gathered from the web in 2008 by search words: they are not a sample of the world.',
      SIZE_ONLY,
    ],
  },
  cifar100: {
    source:
      'CIFAR-100: Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009 (https://www.cs.toronto.edu/~kriz/cifar.html)',
    intendedUse: COURSE,
    limits: [
      'It reads 32 x 32 images with one object that fills them. A photograph that is resized to that is unlike what it was trained on.',
      SIZE_ONLY,
    ],
  },
  svhn: {
    source:
      'SVHN, cropped digits: Netzer et al., Reading Digits in Natural Images with Unsupervised Feature Learning, 2011 (http://ufldl.stanford.edu/housenumbers)',
    intendedUse: COURSE,
    limits: ['It reads the middle digit of a 32 x 32 part of a house number in a photograph.', SIZE_ONLY],
  },
};
