import { MODEL_CARDS } from '../../src/index.js';
import { testAccuracy } from '../model-tests/accuracy.js';
import { testBackends } from '../model-tests/backends.js';
import { testInChromium } from '../model-tests/browser.js';
import { testClassImages } from '../model-tests/class-images.js';

MODEL_CARDS.forEach(testAccuracy);
MODEL_CARDS.forEach(testBackends);
testInChromium(MODEL_CARDS);
MODEL_CARDS.forEach((card) => testClassImages(card));
