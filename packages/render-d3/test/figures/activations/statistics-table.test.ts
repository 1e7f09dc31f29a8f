import { expect, it } from 'vitest';
import { statisticsTable } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeStatistics } from '../../support/method-records.js';
import { textsOf } from '../../support/svg-queries.js';

it('contains the table of the report', () => {
  const texts = textsOf(statisticsTable(makeStatistics(['relu1_1']), { document }));
  expect(texts).toEqual(
    expect.arrayContaining(['relu1_1', '32 × 32 × 32', '32,768,000', '0.462', '13.0', '41.6%']),
  );
});
