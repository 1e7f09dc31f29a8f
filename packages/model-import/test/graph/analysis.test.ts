import * as activations from '@convlens/activations';
import { defaultClassNames, IDENTITY, type ImageSet } from '@convlens/core';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importGraphModel, importKeras } from '../../src/index.js';
import { expectedOf, graphArtifacts, GRAPHS, kerasFile } from './graph-models.js';

/** The images of the graph several times, each time less bright, so that the statistics have several values. */
function imagesOf(name: string, classes: number): ImageSet {
  const { shape, images } = expectedOf(name);
  const [, height, width, channels] = shape;
  const factors = [1, 0.7, 0.2];
  const count = 2 * factors.length;
  return {
    kind: 'image-set',
    name: 'graph',
    pixels: Float32Array.from(factors.flatMap((factor) => images.map((value) => value * factor))),
    labels: Int32Array.from({ length: count }, (_, i) => i % classes),
    classNames: defaultClassNames(classes),
    count,
    height,
    width,
    channels,
  };
}

const options = { preprocessing: IDENTITY } as const;

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, title: string) {
  expect(actual.length, title).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(actual[i] - expected[i]) / scale, title).toBeLessThan(1e-5);
}

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

/** Pairs of a node, as a part of its name, and the layer of the Keras model; others where the roles are ambiguous. */
function layersOf(name: string): [node: string, kerasLayer: string][] {
  if (!name.startsWith('branches'))
    return [
      ['first-conv', 'first-conv'],
      ['last-conv', 'last-conv'],
    ];
  return [
    ['dilated_1/Tanh', 'dilated'],
    ['joined_1/concat', 'joined'],
  ];
}

const layerNamed = (model: tf.LayersModel, part: string) =>
  part.endsWith('-conv') ? part : activations.layerNames(model).find((name) => name.endsWith(part))!;

describe.each(GRAPHS)('the graph model %s', (name) => {
  let graph: tf.LayersModel;
  let layers: tf.LayersModel;
  let images: ImageSet;

  beforeAll(async () => {
    graph = (await importGraphModel(graphArtifacts(name))).model;
    layers = (await importKeras(kerasFile(name))).model;
    images = imagesOf(name, Math.max(2, layers.outputs[0].shape[1]!));
  });
  afterAll(() => {
    graph.dispose();
    layers.dispose();
  });

  it('has the predictions and scores of the Keras model', async () => {
    const [scores, kerasScores] = [graph, layers].map((model) => activations.scoresOf(model));
    expect(scores.kind).toBe(kerasScores.kind);
    const [actual, expected] = await Promise.all(
      [graph, layers].map((model) => activations.predictions(model, images, options)),
    );
    for (const [i, prediction] of expected.entries()) {
      expect(actual[i].predicted).toBe(prediction.predicted);
      expectClose(actual[i].probabilities, prediction.probabilities, 'probabilities');
    }
  });

  it.each(layersOf(name))('has the feature maps and statistics of %s', async (node, kerasLayer) => {
    const models: [tf.LayersModel, string][] = [
      [graph, layerNamed(graph, node)],
      [layers, kerasLayer],
    ];
    const [actual, expected] = await Promise.all(
      models.map(async ([model, layer]) => ({
        maps: await activations.featureMaps(model, images, { ...options, layer }),
        statistics: await activations.layerStatistics(model, images, { ...options, layers: [layer] }),
        top: await activations.topActivations(model, images, { ...options, layer, count: 2 }),
      })),
    );
    expectClose(actual.maps.values, expected.maps.values, 'feature maps');
    const [a, b] = [actual, expected].map(({ statistics }) => statistics[0]);
    for (const field of ['sum', 'sumOfSquares', 'min', 'max'] as const)
      expectClose(
        a.channels.map((channel) => channel[field]),
        b.channels.map((channel) => channel[field]),
        field,
      );
    // The same images, positions and receptive fields.
    const [tops, kerasTops] = [actual, expected].map(({ top }) =>
      top.filters.map(({ entries }) =>
        entries.map(({ score: _, receptiveField, ...entry }) => ({
          ...entry,
          // A dilated convolution is several nodes, which are taken to read the whole image.
          ...(!name.startsWith('branches') && { receptiveField }),
        })),
      ),
    );
    expect(tops).toEqual(kerasTops);
  });

  it('has the heatmaps of occlusion and Score-CAM', async () => {
    const [node, kerasLayer] = layersOf(name)[1];
    const selected = { ...options, indices: [0, 1] };
    const heatmapsOf = async (model: tf.LayersModel, layer: string) => [
      ...(await activations.occlusion(model, images, selected)),
      ...(await activations.scoreCam(model, images, { ...selected, layer })),
    ];
    const actual = await heatmapsOf(graph, layerNamed(graph, node));
    const expected = await heatmapsOf(layers, kerasLayer);
    for (const [i, { values, method }] of expected.entries()) expectClose(actual[i].values, values, method);
  });

  it('is refused where gradients, kernels or changed weights are needed, with the way to a layers model', async () => {
    const calls: Record<string, () => Promise<unknown>> = {
      kernels: () => activations.kernels(graph),
      similarFilters: () => activations.similarFilters(graph, images, { ...options, layer: 'first-conv' }),
      sanityCheck: () => activations.sanityCheck(graph, images, { ...options, method: activations.scoreCam }),
      visualizeFeatures: () =>
        activations.visualizeFeatures(graph, [{ kind: 'class', class: 0 }], {
          steps: 1,
          height: images.height,
          width: images.width,
        }),
      layerGradients: () => activations.layerGradients(graph, images, { ...options, layer: 'last-conv' }),
    };
    for (const { id, explain } of activations.ATTRIBUTION_METHODS)
      if (!['occlusion', 'score-cam'].includes(id)) calls[id] = () => explain(graph, images, options);
    for (const [title, call] of Object.entries(calls))
      await expect(call(), title).rejects.toMatchObject({
        name: 'InputError',
        code: 'graph-model',
        message: expect.stringMatching(/got a graph model .*save the Keras model as \.keras or \.h5/),
      });
  });
});
