import { expect, it } from 'vitest';
import * as figuresEntry from '../src/figures.js';
import * as index from '../src/index.js';
import * as node from '../src/node.js';
import * as report from '../src/report.js';
import { GALLERY } from './gallery/gallery.js';
import { document } from './support/dom.js';
import { toCamelCase } from './support/figure-source.js';
import { makeHistory } from './support/records.js';

const { FIGURES } = figuresEntry;

/**
 * The other functions with options, called with a misspelled option, and the name that the error suggests.
 */
const MISSPELLED: Readonly<Record<string, [call: () => unknown, suggestion: string]>> = {
  measureText: [() => index.measureText('text', { sise: 12 } as object), 'size'],
  mount: [
    () => {
      const options = { figure: index.trainingCurves, records: makeHistory(), onSelct: () => {} };
      return index.mount(document.createElement('div'), options);
    },
    'onSelect',
  ],
  renderSvg: [() => node.renderSvg(index.trainingCurves, makeHistory(), { them: 'dark' } as object), 'theme'],
};

const WITHOUT_OPTIONS = [
  'classColor',
  'colorTable',
  'createDocument',
  'layerStatisticsTable',
  'renderReport',
  'serialize',
];

it('every exported function is a figure of the registry or listed here', () => {
  const functions = Object.entries({ ...index, ...node, ...report, ...figuresEntry })
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name);
  const expected = [
    ...FIGURES.map(({ id }) => toCamelCase(id)),
    ...Object.keys(MISSPELLED),
    ...WITHOUT_OPTIONS,
  ];
  expect(functions.sort()).toEqual(expected.sort());
});

it.each(GALLERY.filter(({ name }) => name.endsWith('/default')))(
  '$name: an unknown option is refused, and the nearest one is named',
  ({ name, render }) => {
    const [id] = name.split('/');
    const misspelled = { document, titel: 'My title' } as index.FigureOptions;
    expect(() => render(misspelled)).toThrow(
      new RegExp(`Expected the options .* of ${toCamelCase(id)}, got "titel"; did you mean title\\?`),
    );
  },
);

it.each(Object.entries(MISSPELLED))(
  '%s refuses an unknown option and names the nearest one',
  (_, [call, suggestion]) => {
    expect(call).toThrow(`did you mean ${suggestion}?`);
  },
);
