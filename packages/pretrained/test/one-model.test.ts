import { findEntry } from '@convlens/core';
import { MODEL_CARDS } from '../src/index.js';
import { testAccuracy } from './model-tests/accuracy.js';
import { testBackends } from './model-tests/backends.js';
import { testInChromium } from './model-tests/browser.js';

// The smallest model. test/long tests all.
const card = findEntry('model', 'mnist-small', MODEL_CARDS);

testAccuracy(card);
testBackends(card);
testInChromium([card]);
