import { expect, it } from 'vitest';
import { imageGrid, layerSeparability, networkDiagram, scoreTable } from '../../src/index.js';
import { document } from '../support/dom.js';
import { makeScores, makeSeparability, makeSummary } from '../support/method-records.js';
import { CLASS_NAMES, makeImages } from '../support/records.js';
import { numberOf } from '../support/svg-queries.js';

it.each([
  ['a dot plot', () => layerSeparability(makeSeparability(['a', 'b']), { document, width: 300 })],
  ['a matrix', () => scoreTable(makeScores(CLASS_NAMES), { document, width: 300 })],
  ['a grid', () => imageGrid(makeImages(), { document, width: 300 })],
  ['a diagram', () => networkDiagram(makeSummary(), { document, width: 300 })],
])('the width of %s is at most the option width', (_, render) => {
  expect(numberOf(render(), 'width')).toBeLessThanOrEqual(300);
});

it('a width below 240 is refused', () => {
  expect(() => imageGrid(makeImages(), { document, width: 100 })).toThrow(
    'Expected width to be a number >= 240, got 100',
  );
});
