export { CIFAR10_CLASSES, loadCifar10, type LoadCifar10Options } from './cifar10.js';
