import { describe, expect, it } from 'vitest';
import * as figures from '../src/index.js';
import { document } from './dom.js';
import { numberOf, picturesOf, textsOf } from './decode.js';
import * as method from './method-records.js';
import { CLASS_NAMES, makeImages, makeKernels } from './records.js';

const { train, validation } = figures.THEMES.light;
const hintsOf = (svg: Element) =>
  [...svg.querySelectorAll('g > title, path > title, rect > title')].map((title) => title.textContent!);
const xOf = (mark: Element) => Number(/translate\(([-\d.]+),/.exec(mark.getAttribute('transform')!)![1]);
const marksOf = (svg: Element, color: string) =>
  [...svg.querySelectorAll(`path[fill="${color}"]`)].filter((mark) => mark.querySelector('title'));

it('layerSeparability sets each layer at its share, on one linear scale with the accuracies', () => {
  const layers = ['a', 'b', 'c'];
  const records = method
    .makeSeparability(layers)
    .map((record, i) => ({ ...record, betweenShare: [0, 0.5, 1][i] }));
  const nearestMeans = method.makeNearestMeans(layers).map((record) => ({ ...record, accuracy: 0.25 }));
  const svg = figures.layerSeparability(records, { document, nearestMeans });
  const [low, middle, high] = marksOf(svg, train).map(xOf);
  expect(middle).toBeCloseTo((low + high) / 2, 2);
  for (const mark of marksOf(svg, validation)) expect(xOf(mark)).toBeCloseTo(low + (high - low) / 4, 2);
  expect(svg.querySelector('desc')!.textContent).toContain('c separates the classes best: 100.0%');
});

it('groupComparison draws an effect below zero to the left of zero', () => {
  const svg = figures.groupComparison(method.makeGroups(['a', 'b', 'c', 'd', 'e']), { document });
  // 0.7 sin(i) - 0.1: above zero for b and c, below for the others.
  const zero = numberOf(svg.querySelector(`line[stroke="${figures.THEMES.light.axis}"]`)!, 'x1');
  expect(marksOf(svg, validation).map((mark) => xOf(mark) > zero)).toEqual([false, true, true, false, false]);
});

it('sanityCheckCurves takes the mean over the images, and leaves out those that are not known', () => {
  const check = method.makeSanityCheck('m', 1);
  const [first] = check.steps;
  const similarities = [0.2, 0.4, NaN].map((spearman, index) => ({
    index,
    spearman,
    spearmanOfMagnitudes: 0,
    ssim: 0,
  }));
  const svg = figures.sanityCheckCurves([{ ...check, steps: [{ ...first, similarities }] }], { document });
  expect(hintsOf(svg)).toContain('dense2, m: 0.300');
});

it('perturbationCurves averages over the images and gives the area of each method', () => {
  const shares = Float32Array.of(0, 0.5, 1);
  const curve = (index: number, scores: number[], auc: number) =>
    ({
      kind: 'deletion',
      method: 'm',
      classIndex: 0,
      index,
      shares,
      scores: Float32Array.from(scores),
      auc,
    }) as const;
  const svg = figures.perturbationCurves([curve(1, [4, 2, 0], 2), curve(2, [2, 0, 0], 0.5)], { document });
  expect(textsOf(svg)).toContain('m (1.25)');
  expect([...svg.querySelectorAll('rect title')].map((title) => title.textContent)).toEqual([
    '0%: m 3',
    '50%: m 1',
    '100%: m 0',
  ]);
  const other = { ...curve(2, [2, 0, 0], 0.5), shares: Float32Array.of(0, 0.4, 1) };
  expect(() => figures.perturbationCurves([curve(1, [4, 2, 0], 2), other], { document })).toThrow(
    'got others for image 2',
  );
});

it('strongestFilterBars ranks by count, of equal ones the lower filter first, and counts those that never are', () => {
  const record = { ...method.makeStrongest(), images: 10, counts: Uint32Array.of(2, 0, 6, 2) };
  const svg = figures.strongestFilterBars(record, { document });
  expect(textsOf(svg).filter((text) => /^filter/.test(text!))).toEqual(['filter 2', 'filter 0', 'filter 3']);
  expect(textsOf(svg).join(' ')).toContain('1 of 4 filters are never the strongest');
});

it('similarFilterBars draws the two kernels of each pair, with what they share', () => {
  const bank = makeKernels();
  const svg = figures.similarFilterBars(method.makeSimilar(), { document, bank, count: 3 });
  const pictures = picturesOf(svg);
  expect(pictures).toHaveLength(6);
  const alone = picturesOf(figures.kernelGrid(bank, { document, filters: [0, 14] }));
  expect(pictures.slice(0, 2).map(({ data }) => data)).toEqual(alone.map(({ data }) => data));
  expect(textsOf(svg)).toContain('0.980, 80.0% shared');
});

it('selectivityBars leaves out filters without an index, and colours by the preferred class', () => {
  const svg = figures.selectivityBars(method.makeSelectivity(), { document, count: 64 });
  const labels = textsOf(svg).filter((text) => /^#\d+ /.test(text!));
  expect(labels).toHaveLength(63);
  expect(labels.some((label) => label!.startsWith('#3 '))).toBe(false);
});

describe('optimizedImageGrid', () => {
  const [image] = method.makeOptimizedClasses(['cat']);

  it('draws an image that leaves 0..255 with mean 0.5 and standard deviation 0.1, and cuts it', () => {
    const pixels = Float32Array.of(-1000, 0, 1000, 2000);
    const small = { ...image, height: 2, width: 2, channels: 1, pixels };
    const mean = 500;
    const std = Math.sqrt((1500 ** 2 + 500 ** 2 + 500 ** 2 + 1500 ** 2) / 4);
    const expected = [...pixels].map((level) => Math.round(255 * (0.5 + (0.1 * (level - mean)) / std)));
    const [picture] = picturesOf(figures.optimizedImageGrid([small], { document }));
    picture.data.forEach((level, i) => expect(Math.abs(level - expected[i])).toBeLessThanOrEqual(1));
    const [cut] = picturesOf(figures.optimizedImageGrid([small], { document, tone: 'clipped' }));
    expect(cut.data).toEqual([0, 0, 255, 255]);
  });

  it('draws an image within 0..255 as it is', () => {
    const pixels = Float32Array.of(0, 10, 128, 255);
    const [picture] = picturesOf(
      figures.optimizedImageGrid([{ ...image, height: 2, width: 2, channels: 1, pixels }], { document }),
    );
    expect(picture.data).toEqual([...pixels]);
  });

  it('writes answers of every size whole under an image', () => {
    const pairs = [
      [0.0000123, 0.000456],
      [0, 0.0123],
      [-0.00789, 12.34],
    ];
    const images = pairs.map(([before, after]) => ({ ...image, before, after }));
    const svg = figures.optimizedImageGrid(images, { document });
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['1.2e-5', '→ 4.6e-4', '0', '→ 0.012', '−0.0079', '→ 12.3']),
    );
  });
});

it('scoreTable tints by the distance from zero, and says for which class each image scores highest', () => {
  const scores = {
    score: 'logit',
    names: ['a', 'b'],
    classNames: ['cat', 'dog'],
    values: Float32Array.of(4, -2, 0, 1),
  } as const;
  const svg = figures.scoreTable(scores, { document });
  const [{ data }] = picturesOf(svg);
  expect([3, 7, 11, 15].map((i) => data[i])).toEqual([255, 128, 0, 64]);
  expect(data.slice(0, 3)).not.toEqual(data.slice(4, 7));
  expect(svg.querySelector('desc')!.textContent).toContain('a: highest for cat. b: highest for dog.');
});

it('a score, a share or an effect that is no number is a dash, and is never called the highest', () => {
  const descriptionOf = (svg: Element) => svg.querySelector('desc')!.textContent;
  const values = Float32Array.of(NaN, 12, NaN, NaN);
  const scores = { score: 'logit', names: ['a', 'b'], classNames: ['cat', 'dog'], values } as const;
  const table = figures.scoreTable(scores, { document });
  expect(descriptionOf(table)).toContain('a: highest for dog. b: highest for none.');
  expect(textsOf(table)).toEqual(expect.arrayContaining(['–', '12.0']));
  expect([3, 7, 11, 15].map((i) => picturesOf(table)[0].data[i])).toEqual([0, 255, 0, 0]);

  const layers = ['a', 'b', 'c'];
  const ranked = [NaN, 0.2, 0.7];
  const separability = method
    .makeSeparability(layers)
    .map((record, i) => ({ ...record, betweenShare: ranked[i] }));
  expect(descriptionOf(figures.layerSeparability(separability, { document }))).toContain(
    'c separates the classes best: 70.0%',
  );
  const groups = method.makeGroups(layers).map((record, i) => ({ ...record, typicalEffect: ranked[i] }));
  expect(descriptionOf(figures.groupComparison(groups, { document }))).toContain('differ most in c: 0.700');
});

it('mistakeGrid shows the surest mistakes with their true and their predicted class', () => {
  const svg = figures.mistakeGrid(
    { mistakes: method.makeMistakes(), images: makeImages() },
    { document, count: 2 },
  );
  const texts = textsOf(svg);
  expect(texts).toEqual(expect.arrayContaining(['airplane', '#0', '✗ cat', 'automobile', '#1', '✗ deer']));
  expect(texts.join(' ')).toContain('it gets 1,502 wrong (15.0%)');
});

describe('networkDiagram', () => {
  it('gives each layer its class, output shape and parameters, and the sum', () => {
    const texts = textsOf(figures.networkDiagram(method.makeSummary(), { document }));
    expect(texts).toEqual(expect.arrayContaining(['conv1_1', 'Conv2D', '32 × 32 × 32', '896', '524,544']));
    // What Keras counts for this network, moving statistics included.
    expect(texts.join(' ')).toContain('816,938 parameters, 815,530 of them trainable');
  });

  it('keeps the block of the widest layer within its column', () => {
    const summary = method.makeSummary();
    const wide = summary.layers.map((layer) => ({ ...layer, outputShape: [1, 1, 1_000_000] }));
    const svg = figures.networkDiagram({ ...summary, layers: wide }, { document });
    const widths = [...svg.querySelectorAll('g > rect[rx]')].map((block) => numberOf(block, 'width'));
    expect(Math.max(...widths)).toBe(120);
  });

  it('draws every connection: one line down for the next layer, a bow past the others for each jump', () => {
    const summary = method.makeResidualSummary('conv1');
    const svg = figures.networkDiagram(summary, { document });
    const bows = [...svg.querySelectorAll('path')].map((path) => path.querySelector('title')!.textContent);
    expect(bows).toEqual(['conv1 → add1', 'relu2 → add2']);
    const lines = svg.querySelectorAll(`line[stroke="${figures.THEMES.light.axis}"]`);
    const inputs = summary.layers.reduce((sum, layer) => sum + layer.inputs.length, 0);
    expect(lines.length + bows.length).toBe(inputs);
    const lanes = [...svg.querySelectorAll('path')].map(
      (path) => /H([\d.]+)/.exec(path.getAttribute('d')!)![1],
    );
    expect(new Set(lanes).size).toBe(2);
  });
});

it('runComparison compares on the validation images, and in training where a run has none', () => {
  const runs = method.makeRuns();
  const validated = textsOf(figures.runComparison(runs, { document })).join(' ');
  expect(validated).toContain('On the validation images');
  expect(validated).toContain('cifar10-bn-6conv: test 84.98%');
  const history = runs[0].history.map(({ valLoss: _, valAccuracy: __, ...record }) => record);
  const mixed = figures.runComparison([{ name: 'plain', history }, ...runs.slice(1)], { document });
  expect(textsOf(mixed).join(' ')).toContain('On the training images');
  expect(mixed.querySelectorAll('path')).toHaveLength(6);
});

it('runComparison rings no epoch as the best where none is known to be', () => {
  const [{ history }] = method.makeRuns(1);
  const plain = history.map(({ valLoss: _, valAccuracy: __, ...record }) => record);
  const svg = figures.runComparison([{ name: 'plain', history: plain }], { document });
  expect(svg.querySelectorAll('circle')).toHaveLength(0);
  const percent = `${(100 * plain.at(-1)!.accuracy).toFixed(2)}%`;
  expect(textsOf(svg)).toContain(`plain: ${percent}`);
  expect(textsOf(svg).join(' ')).not.toContain('ringed');
});

it('cuts a long name in a legend, never the number behind it', () => {
  const [run] = method.makeRuns(1);
  const name = 'a run whose name goes on and on '.repeat(9);
  const texts = textsOf(figures.runComparison([{ ...run, name }], { document, width: 400 }));
  expect(texts.find((text) => text!.startsWith('a run'))).toMatch(/…: test 84\.98%$/);
});

it('statisticsTable holds what the table of the report does', () => {
  const texts = textsOf(figures.statisticsTable(method.makeStatistics(['relu1_1']), { document }));
  expect(texts).toEqual(
    expect.arrayContaining(['relu1_1', '32 × 32 × 32', '32,768,000', '0.462', '13.0', '41.6%']),
  );
});

describe('a width', () => {
  it.each([
    [
      'layers',
      () => figures.layerSeparability(method.makeSeparability(['a', 'b']), { document, width: 300 }),
    ],
    ['tables', () => figures.scoreTable(method.makeScores(CLASS_NAMES), { document, width: 300 })],
    ['grids', () => figures.imageGrid(makeImages(), { document, width: 300 })],
    ['diagrams', () => figures.networkDiagram(method.makeSummary(), { document, width: 300 })],
  ])('is never passed by %s', (_, drawFigure) => {
    expect(numberOf(drawFigure(), 'width')).toBeLessThanOrEqual(300);
  });

  it('is 240 at the least', () => {
    expect(() => figures.imageGrid(makeImages(), { document, width: 100 })).toThrow(
      'Expected width to be a number >= 240, got 100',
    );
  });
});

describe('exactInputGrid', () => {
  const input = (channels: number) => ({
    layer: 'conv2',
    filter: 4,
    height: 1,
    width: 2,
    channels,
    values: Float32Array.from({ length: 2 * channels }, (_, i) => (i % 3 ? 0 : 1)),
    maximum: 2.5,
  });

  it('draws a filter that reads RGB as one picture of it, with its answer', () => {
    const svg = figures.exactInputGrid([input(3)], { document });
    expect(picturesOf(svg).map(({ data }) => data)).toEqual([[255, 0, 0, 255, 0, 0]]);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['4', '2.50']));
  });

  it('draws a filter of a deeper layer channel by channel, as many as are asked for', () => {
    const svg = figures.exactInputGrid([input(4)], { document, channels: 2 });
    expect(picturesOf(svg).map(({ data }) => data)).toEqual([
      [255, 0],
      [0, 0],
    ]);
    expect(textsOf(svg).join()).toContain('first 2 of 4 channels');
  });

  it('refuses inputs of two layers, values that do not fit, and no channels', () => {
    const draw = (inputs: Parameters<typeof figures.exactInputGrid>[0], channels = 1) =>
      figures.exactInputGrid(inputs, { document, channels });
    expect(() => draw([input(3), { ...input(3), layer: 'conv3' }])).toThrow(
      'Expected inputs of one layer, got those of conv2 and conv3',
    );
    expect(() => draw([{ ...input(3), channels: 1 }])).toThrow('Expected values to hold 2 values, got 6');
    expect(() => draw([input(4)], 0)).toThrow('Expected channels to be an integer >= 1, got 0');
  });
});
