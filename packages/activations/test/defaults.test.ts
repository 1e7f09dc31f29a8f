import '@convlens/tfjs-backend-simd';
import { IDENTITY, normal, randomAt, UNIT_RANGE, type Images } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll } from 'vitest';
import { describeDefaults, type DefaultsCase } from '../../../test/support/option-defaults.js';
import * as api from '../src/index.js';

const random = randomAt(5, 'defaults');
const [SIZE, COUNT, CLASSES] = [10, 101, 3];

/** More images than the default batch of an inference; their labels are wrong for most. */
const images: Images & { labels: Int32Array } = {
  name: 'noise',
  // Each image has a color, so that the predictions differ.
  pixels: Uint8Array.from({ length: COUNT * SIZE * SIZE * 3 }, (_, i) => {
    const image = Math.floor(i / (SIZE * SIZE * 3));
    return 255 * random() * (i % 3 === image % 3 ? 1 : 0.1);
  }),
  labels: Int32Array.from({ length: COUNT }, (_, i) => i % CLASSES),
  count: COUNT,
  height: SIZE,
  width: SIZE,
  channels: 3,
  classNames: ['a', 'b', 'c'],
};
const take = (count: number) => ({
  ...images,
  count,
  pixels: images.pixels.slice(0, count * SIZE * SIZE * 3),
  labels: images.labels.slice(0, count),
});
const few = take(3);
/** More images than the default batch of an attribution. */
const many = take(33);

/** Two convolutions, the second with more than 20 pairs of filters, and a softmax. */
function makeModel() {
  const { conv2d, dense, flatten } = tf.layers;
  const model = tf.sequential({
    layers: [
      conv2d({
        name: 'conv1',
        filters: 3,
        kernelSize: 3,
        strides: 2,
        activation: 'relu',
        inputShape: [SIZE, SIZE, 3],
      }),
      conv2d({ name: 'conv2', filters: 8, kernelSize: 2, activation: 'relu' }),
      flatten({ name: 'flat' }),
      dense({ name: 'scores', units: CLASSES, activation: 'softmax' }),
    ],
  });
  tf.tidy(() =>
    model.setWeights(
      model.getWeights().map(({ shape, size }) => {
        const values = Float32Array.from({ length: size }, () => 0.4 * normal(random) + 0.05);
        return tf.tensor(values, shape);
      }),
    ),
  );
  return model;
}
const model = makeModel();
beforeAll(() => tf.setBackend('simd'));

type Method = (model: tf.LayersModel, images: Images, options: never) => Promise<unknown>;

/** Calls a method and returns its result with the calls of onProgress, which show the size of the batches. */
const explain = (method: Method, set: Images, required: object = {}): DefaultsCase['call'] => {
  return async (options: object) => {
    const progress: unknown[] = [];
    const onProgress = (...values: number[]) => void progress.push(values);
    const result = await method(model, set, { onProgress, ...required, ...options } as never);
    return { result, progress };
  };
};

const NO_DEFAULT = 'no default';
const SHARED = 'shared';
const all = (set: Images) => Array.from({ length: set.count }, (_, i) => i);

/** The options of every function that runs a model; those of `predictions` are tested. */
const inference = {
  preprocessing: SHARED,
  inputs: NO_DEFAULT,
  output: NO_DEFAULT,
  indices: SHARED,
  batchSize: SHARED,
  signal: NO_DEFAULT,
  onProgress: NO_DEFAULT,
} as const;
/** The options of every attribution method; those of `saliency` are tested. */
const attribution = { ...inference, target: SHARED, score: SHARED } as const;

const layer = ['last-conv', 'first-conv'] as const;
const firstLayer = ['first-conv', 'last-conv'] as const;
const reduction = ['mean', 'max'] as const;
const collapse = (documented: string) =>
  [documented, ...['sum', 'abs-max', 'abs-mean'].filter((other) => other !== documented)] as const;
const cam = { ...attribution, layer, normalize: [true, false], resize: [true, false] } as const;
const filters = [[0, 1, 2, 3, 4, 5, 6, 7], [1]] as const;
const observing = (observer: (options: never) => api.Observer<unknown>): DefaultsCase['call'] => {
  return async (options: never) => api.observe(model, images, { observers: [observer(options)] });
};
const heatmaps = () => api.saliency(model, few);
const optimize = (options: object) =>
  api.visualizeFeatures(model, [{ kind: 'class', class: 1 }], { steps: 2, ...options });

describeDefaults(
  api,
  {
    attributions: {
      call: explain(api.attributions, few),
      options: {
        ...attribution,
        method: ['saliency', 'gradient-times-input', 'guided-backprop'],
        methods: [api.ATTRIBUTION_METHODS],
      },
    },
    channelMaximum: {
      call: explain(api.channelMaximum, few),
      options: { ...inference, layer, resize: [true, false] },
    },
    classActivations: {
      call: explain(api.classActivations, images),
      options: { ...inference, layer, filters, reduction },
    },
    classCurves: {
      call: async (options: object) =>
        api.classCurves(await api.predictions(model, few), { classNames: few.classNames, ...options }),
      options: { classNames: NO_DEFAULT, targets: NO_DEFAULT },
    },
    collapseChannels: {
      call: async (options) => {
        const [attributed] = await api.attributions(model, few);
        return api.collapseChannels(attributed, options);
      },
      options: { collapse: collapse('sum') },
    },
    confusionMatrix: {
      call: async (options: object) =>
        api.confusionMatrix(await api.predictions(model, few), { classNames: few.classNames, ...options }),
      options: { classNames: NO_DEFAULT, threshold: NO_DEFAULT },
    },
    compareGroups: {
      call: async (options) => {
        const [record] = await api.groupActivations(model, images, { layers: ['last-conv'] });
        return api.compareGroups(record, options);
      },
      options: {
        groups: [
          ['a', 'b'],
          ['a', 'c'],
          ['b', 'a'],
        ],
      },
    },
    deconvnet: {
      call: explain(api.deconvnet, few),
      options: { ...attribution, collapse: collapse('abs-max') },
    },
    deletionCurves: {
      call: async (options) => explain(api.deletionCurves, few, { heatmaps: await heatmaps() })(options),
      options: {
        ...inference,
        heatmaps: 'required',
        baseline: ['mean', 'blur', 0],
        steps: [32, 31],
        score: ['probability', 'logit'],
        target: NO_DEFAULT,
      },
    },
    describeStatistics: {
      call: async (options) => {
        const [record] = await api.layerStatistics(model, few, { layers: ['conv1'] });
        return api.describeStatistics(record, options);
      },
      options: { channel: NO_DEFAULT },
    },
    diagnoseInput: {
      call: explain(api.diagnoseInput, few),
      options: {
        indices: [all(few), [1, 0]],
        inputs: NO_DEFAULT,
        output: NO_DEFAULT,
        batchSize: NO_DEFAULT,
        signal: NO_DEFAULT,
        onProgress: NO_DEFAULT,
      },
    },
    evaluateModel: { call: explain(api.evaluateModel, images), options: inference },
    featureMaps: { call: explain(api.featureMaps, few), options: { ...inference, layer } },
    gradCam: { call: explain(api.gradCam, few), options: cam },
    gradCamPlusPlus: {
      call: explain(api.gradCamPlusPlus, few),
      options: { ...cam, alpha: ['as-is', 'sum-to-one'] },
    },
    gradientTimesInput: {
      call: explain(api.gradientTimesInput, few),
      options: { ...attribution, collapse: collapse('sum') },
    },
    groupActivations: {
      call: explain(api.groupActivations, few, { layers: ['conv1'] }),
      options: { ...inference, layers: 'required', groups: ['label', 'outcome'], reduction },
    },
    guidedBackprop: {
      call: explain(api.guidedBackprop, few),
      options: { ...attribution, collapse: collapse('abs-max') },
    },
    guidedGradCam: {
      call: explain(api.guidedGradCam, few),
      options: { ...attribution, collapse: collapse('abs-max'), layer },
    },
    insertionCurves: {
      call: async (options) => explain(api.insertionCurves, few, { heatmaps: await heatmaps() })(options),
      options: {
        ...inference,
        heatmaps: 'required',
        baseline: ['blur', 'mean', 0],
        steps: [32, 31],
        score: ['probability', 'logit'],
        target: NO_DEFAULT,
      },
    },
    integratedGradients: {
      call: explain(api.integratedGradients, few),
      options: { ...attribution, collapse: collapse('sum'), steps: [32, 31], baseline: [0, 1] },
    },
    kernels: { call: async (options) => api.kernels(model, options), options: { layer: firstLayer } },
    layerCam: { call: explain(api.layerCam, few), options: cam },
    layerGradients: { call: explain(api.layerGradients, few), options: { ...attribution, layer } },
    layerOutputs: {
      call: explain(api.layerOutputs, few, { layers: ['conv1'] }),
      options: { ...inference, layers: 'required' },
    },
    layerStatistics: {
      call: explain(api.layerStatistics, few, { layers: ['conv1'] }),
      options: { ...inference, layers: 'required' },
    },
    mistakes: {
      call: explain(api.mistakes, images),
      options: { ...inference, count: [20, 21, 19] },
    },
    multiLabelMetrics: {
      call: async (options: object) =>
        api.multiLabelMetrics(await api.predictions(model, few), { classNames: few.classNames, ...options }),
      options: { classNames: NO_DEFAULT, targets: NO_DEFAULT, threshold: [0.5, 0.01] },
    },
    nearestClassMean: {
      call: async (options) => {
        const means = await api.groupActivations(model, images, { layers: ['conv1'] });
        return explain(api.nearestClassMean, few, { means })(options);
      },
      options: { ...inference, means: 'required' },
    },
    observe: {
      call: explain(api.observe as Method, few, { observers: [api.observeFeatureMaps()] }),
      options: { ...inference, observers: 'required' },
    },
    observeClassActivations: {
      call: observing(api.observeClassActivations),
      options: { layer, filters, reduction },
    },
    observeFeatureMaps: { call: observing(api.observeFeatureMaps), options: { layer } },
    observeGroupActivations: {
      call: observing(api.observeGroupActivations),
      options: { layer, groups: ['label', 'outcome'], reduction },
    },
    observeLayerStatistics: { call: observing(api.observeLayerStatistics), options: { layer } },
    observeMistakes: { call: observing(api.observeMistakes), options: { count: [20, 21, 19] } },
    observeStrongestFilters: {
      call: observing(api.observeStrongestFilters),
      options: { layer, reduction, perImage: [false, true] },
    },
    observeTopActivations: {
      call: observing(api.observeTopActivations),
      options: { layer, filters, reduction, count: [5, 6, 4] },
    },
    occlusion: {
      call: explain(api.occlusion, few),
      options: {
        ...attribution,
        size: [8, 7],
        stride: [4, 3],
        baseline: [128, 127],
        resize: [true, false],
      },
    },
    optimalStimuli: {
      call: async (options) => api.optimalStimuli(model, options),
      options: { layer: firstLayer, filters: [[0, 1, 2], [1]] },
    },
    predictions: {
      call: explain(api.predictions, images),
      options: {
        ...inference,
        preprocessing: [UNIT_RANGE, IDENTITY],
        indices: [all(images), [1, 0]],
        batchSize: [100, 99],
      },
    },
    saliency: {
      call: explain(api.saliency, many),
      options: {
        ...attribution,
        preprocessing: [UNIT_RANGE, IDENTITY],
        indices: [all(many), [1, 0]],
        batchSize: [32, 31],
        target: ['predicted', 0, 1, 2],
        score: ['logit', 'probability'],
        collapse: collapse('abs-max'),
      },
    },
    sanityCheck: {
      call: explain(api.sanityCheck, few, { method: api.saliency }),
      options: {
        ...attribution,
        method: 'required',
        order: ['cascading', 'independent'],
        seed: [0, 1],
        layers: [['conv1', 'conv2', 'scores'], ['conv1']],
      },
    },
    scoreCam: {
      call: explain(api.scoreCam, few),
      options: { ...cam, weights: ['softmax', 'as-is'], baseline: [0, 1], maxChannels: NO_DEFAULT },
    },
    scoresOf: {
      call: async (options) => api.scoresOf(model, options),
      options: { output: NO_DEFAULT },
    },
    scoreTable: {
      call: async (options) => api.scoreTable(model, await optimize({}), options),
      options: {
        ...inference,
        indices: NO_DEFAULT,
        classNames: [
          ['class 0', 'class 1', 'class 2'],
          ['a', 'b', 'c'],
        ],
        score: ['logit', 'probability'],
      },
    },
    similarFilters: {
      call: explain(api.similarFilters, images),
      options: {
        ...inference,
        layer,
        reduction,
        count: [20, 21, 19],
        pairs: [20, 21, 19],
        sortBy: ['correlation', 'overlap'],
      },
    },
    smoothGrad: {
      call: explain(api.smoothGrad, few),
      options: {
        ...attribution,
        collapse: collapse('abs-max'),
        samples: [25, 24],
        noise: [0.15, 0.16],
        seed: [0, 1],
        noiseValues: NO_DEFAULT,
        kind: ['mean', 'square', 'variance'],
      },
    },
    strongestFilters: {
      call: explain(api.strongestFilters, images),
      options: { ...inference, layer, reduction, perImage: [false, true] },
    },
    toImageSet: {
      call: async (options: object) =>
        api.toImageSet(await optimize({ optimizer: { kind: 'ascent', stepSize: 99 } }), options),
      options: {
        contrast: ['none', 'clipped', 'standardized'],
        mean: { otherOptions: { contrast: 'standardized' }, values: [127.5, 126] },
        std: { otherOptions: { contrast: 'standardized' }, values: [25.5, 26] },
      },
    },
    topActivations: {
      call: explain(api.topActivations, images),
      options: { ...inference, layer, filters, reduction, count: [5, 6, 4] },
    },
    topKAccuracy: {
      // Each prediction has a label of low rank, so that other numbers of classes give other fractions.
      call: async (options) => {
        const probabilities = Float32Array.of(0.4, 0.2, 0.15, 0.1, 0.06, 0.05, 0.04);
        const labels = [...probabilities.keys()];
        return api.topKAccuracy(
          labels.map((label, index) => ({ index, label, predicted: 0, confidence: 0.4, probabilities })),
          options,
        );
      },
      options: { k: [5, 1] },
    },
    visualizeFeatures: {
      call: optimize,
      options: {
        preprocessing: [UNIT_RANGE, IDENTITY],
        inputs: NO_DEFAULT,
        output: NO_DEFAULT,
        batchSize: NO_DEFAULT,
        signal: NO_DEFAULT,
        onProgress: NO_DEFAULT,
        start: ['noise', 'gray', 'zeros'],
        noise: [20, 21],
        height: NO_DEFAULT,
        width: NO_DEFAULT,
        seed: [0, 1],
        score: ['logit', 'margin', 'probability'],
        parametrization: [{ kind: 'pixels' }, { kind: 'fourier' }],
        range: ['free', 'sigmoid'],
        origin: { otherOptions: { regularizers: [{ kind: 'lp', p: 2, weight: 1 }] }, values: [128, 127] },
        transformations: [[], [{ kind: 'jitter', pixels: 2 }]],
        regularizers: [[], [{ kind: 'lp', p: 2, weight: 1 }]],
        optimizer: [{ kind: 'ascent' }, { kind: 'ascent', stepSize: 2 }, { kind: 'adam' }],
        steps: NO_DEFAULT,
        frames: NO_DEFAULT,
        classNames: NO_DEFAULT,
      },
    },
  },
  [
    'classMetrics',
    'classSelectivity',
    'classSeparability',
    'findLayer',
    'kernelCorrelations',
    'keyLayers',
    'layerNames',
    'mergeClassActivations',
    'mergeConfusionMatrices',
    'mergeEvaluations',
    'mergeGroupActivations',
    'mergeLayerStatistics',
    'mergeMistakes',
    'mergeNearestClassMean',
    'mergeStrongestFilters',
    'mergeTopActivations',
    'observeEvaluation',
    'observeNearestClassMean',
    'observePredictions',
    'topOverlaps',
  ],
);
