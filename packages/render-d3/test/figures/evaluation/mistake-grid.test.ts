import { expect, it } from 'vitest';
import { mistakeGrid } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeMistakes } from '../../support/method-records.js';
import { makeImages } from '../../support/records.js';
import { textsOf } from '../../support/svg-queries.js';

it('shows the mistakes with the highest confidence, with label and prediction', () => {
  const svg = mistakeGrid({ mistakes: makeMistakes(), images: makeImages() }, { document, count: 2 });
  const texts = textsOf(svg);
  expect(texts).toEqual(expect.arrayContaining(['airplane', '#0', '✗ cat', 'automobile', '#1', '✗ deer']));
  expect(texts.join(' ')).toContain('Misclassified: 1,502 of 10,000 images');
  expect(texts.join(' ')).toContain('(15.0%)');
});
