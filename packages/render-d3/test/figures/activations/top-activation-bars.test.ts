import { expect, it } from 'vitest';
import { classColor, topActivationBars } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { CLASS_NAMES, makeTop } from '../../support/records.js';
import { barsOf, textsOf } from '../../support/svg-queries.js';

it('colors the top images by class and counts each class in the legend', () => {
  const record = makeTop();
  const svg = topActivationBars(record, { document, filter: 10, classNames: CLASS_NAMES });
  const labels = record.filters[1].entries.map(({ label }) => label!);
  expect(barsOf(svg).map((bar) => bar.getAttribute('fill'))).toEqual(labels.map(classColor));
  const ships = labels.filter((label) => label === 8).length;
  expect(textsOf(svg)).toContain(`ship (${ships})`);
});
