import { expect, it } from 'vitest';
import { networkDiagram, THEMES } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeResidualSummary, makeSummary } from '../../support/method-records.js';
import { numberOf, textsOf } from '../../support/svg-queries.js';

it('shows class, output shape and parameters of each layer, and the total', () => {
  const texts = textsOf(networkDiagram(makeSummary(), { document }));
  expect(texts).toEqual(expect.arrayContaining(['conv1_1', 'Conv2D', '32 × 32 × 32', '896', '524,544']));
  // The count of Keras for this model, moving statistics included.
  expect(texts.join(' ')).toContain('816,938 parameters, 815,530 of them trainable');
});

it('keeps the block of the widest layer inside its column', () => {
  const summary = makeSummary();
  const layers = summary.layers.map((layer) => ({ ...layer, outputShape: [1, 1, 1_000_000] }));
  const svg = networkDiagram({ ...summary, layers }, { document });
  const widths = [...svg.querySelectorAll('g > rect[rx]')].map((block) => numberOf(block, 'width'));
  expect(Math.max(...widths)).toBe(120);
});

it('shows every connection: a line to the next layer, a path around the others for a skip connection', () => {
  const summary = makeResidualSummary('conv1');
  const svg = networkDiagram(summary, { document });
  const paths = [...svg.querySelectorAll('path')];
  const skips = paths.map((path) => path.querySelector('title')!.textContent);
  expect(skips).toEqual(['conv1 → add1', 'relu2 → add2']);
  const lines = svg.querySelectorAll(`line[stroke="${THEMES.light.axis}"]`);
  const inputs = summary.layers.reduce((sum, layer) => sum + layer.inputs.length, 0);
  expect(lines.length + skips.length).toBe(inputs);
  const lanes = paths.map((path) => /H([\d.]+)/.exec(path.getAttribute('d')!)![1]);
  expect(new Set(lanes).size).toBe(2);
});

it('shows the end of a long name inside nested models, where neighbors differ', () => {
  const names = [1, 2].map(
    (i) => `efficientnetb0_features/blocks/long_block_expand_batch_normalization_${i}`,
  );
  const layers = names.map((name) => ({
    ...{ name, className: 'BatchNormalization', outputShape: [8, 8, 4], inputs: [] },
    ...{ parameters: 16, trainableParameters: 8 },
  }));
  const svg = networkDiagram({ name: 'n', layers, parameters: 32, trainableParameters: 16 }, { document });
  const nameTexts = textsOf(svg).filter((text) => text.startsWith('…'));
  for (const i of [1, 2]) expect(nameTexts[i - 1]).toMatch(new RegExp(`^….*batch_normalization_${i}$`));
  const short = layers.map((layer) => ({ ...layer, name: layer.name.replace('blocks/long_block_', '') }));
  const texts = textsOf(
    networkDiagram({ name: 'n', layers: short, parameters: 32, trainableParameters: 16 }, { document }),
  );
  for (const i of [1, 2]) expect(texts).toContain(`…/expand_batch_normalization_${i}`);
});

it('shows the layers of a nested model in its place, connected as they are', () => {
  const layer = (name: string, inputs: string[], nestedLayers?: number) => ({
    ...{ name, className: 'Conv2D', outputShape: [8, 8, 4], parameters: 10, trainableParameters: 10, inputs },
    ...(nestedLayers !== undefined && { nestedLayers }),
  });
  const layers = [
    layer('image', []),
    layer('base', ['image'], 3),
    layer('base/conv', ['image']),
    layer('base/norm', ['base/conv']),
    layer('base/sum', ['base/conv', 'base/norm']),
    layer('head', ['base/sum']),
  ];
  const summary = { name: 'transfer', layers, parameters: 50, trainableParameters: 50 };
  const svg = networkDiagram(summary, { document });
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['base/conv', 'base/norm', 'base/sum', 'head']));
  expect(textsOf(svg)).not.toContain('base');
  expect(textsOf(svg).join(' ')).toContain('5 layers, 50 parameters');
  expect([...svg.querySelectorAll('path > title')].map((title) => title.textContent)).toEqual([
    'base/conv → base/sum',
  ]);
  expect(svg.querySelectorAll(`line[stroke="${THEMES.light.axis}"]`)).toHaveLength(4);
});
