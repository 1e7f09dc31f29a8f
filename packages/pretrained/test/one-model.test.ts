import { findEntry } from '@convlens/core';
import { MODEL_CARDS } from '../src/index.js';
import { testAccuracy } from './model-tests/accuracy.js';
import { testBackends } from './model-tests/backends.js';
import { testInChromium } from './model-tests/browser.js';
import { testClassImages } from './model-tests/class-images.js';

// The smallest model. test/long tests all.
const card = findEntry('model', 'mnist-small', MODEL_CARDS);

testAccuracy(card);
testBackends(card);
testInChromium([card]);

// The model whose logits rise together: by logit, images of these classes reach 6% and 12%.
testClassImages(findEntry('model', 'keras-cifar10', MODEL_CARDS), { steps: 64, classes: ['dog', 'truck'] });
