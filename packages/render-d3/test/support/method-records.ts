import {
  randomAt,
  type OptimalStimulus,
  type ClassSelectivity,
  type ClassSeparability,
  type GroupComparison,
  type LayerStatistics,
  type LayerSummary,
  type Mistakes,
  type ModelSummary,
  type NearestClassMean,
  type OptimizedImage,
  type PerturbationCurve,
  type SanityCheck,
  type ScoreTable,
  type SimilarFilters,
  type StrongestFilters,
  type TrainingRun,
} from '@convlens/core';
import { CLASS_NAMES, makeConfusion, makeHeatmap, makeHistory, makePrediction } from './records.js';

const BY_MEAN = { reduction: 'mean' } as const;

export function makeMistakes(limit = 20): Mistakes {
  const entries = Array.from({ length: limit }, (_, index) => {
    const label = index % 10;
    return { ...makePrediction({ index, label, predicted: (label + 3) % 10 }), label };
  });
  return { name: 'CIFAR-10 test', classNames: CLASS_NAMES, count: 10_000, wrong: 1502, limit, entries };
}

export const makeRuns = (count = 3): TrainingRun[] =>
  ['cifar10-bn-6conv', 'cifar10-3conv', 'resnet20', 'a', 'b', 'c'].slice(0, count).map((name, i) => ({
    name,
    model: name,
    history: makeHistory({ epochs: 50 - 12 * (i % 3) }).map((record) => ({
      ...record,
      valLoss: record.valLoss! * (1 + 0.2 * i),
      valAccuracy: record.valAccuracy! - 0.03 * i,
    })),
    bestEpoch: 24 - i,
    evaluation: i
      ? undefined
      : { name: 'test', count: 10_000, loss: 0.45, accuracy: 0.8498, confusion: makeConfusion() },
  }));

export const makeSeparability = (layers: readonly string[]): ClassSeparability[] =>
  layers.map((layer, i) => {
    const ratio = 0.08 * 1.7 ** i;
    const counts = CLASS_NAMES.map(() => 1000);
    const channels = new Float64Array(8);
    return {
      layer,
      ...BY_MEAN,
      classNames: CLASS_NAMES,
      counts,
      ratio,
      betweenFraction: ratio / (1 + ratio),
      etaSquared: channels,
    };
  });

export const makeNearestClassMeans = (layers: readonly string[]): NearestClassMean[] =>
  layers.map((layer, i) => ({
    layer,
    ...BY_MEAN,
    count: 5000,
    correct: 1000 + 550 * i,
    accuracy: 0.2 + 0.11 * i,
  }));

export const makeGroups = (
  layers: readonly string[],
  groupNames: readonly [string, string] = ['correct', 'wrong'],
): GroupComparison[] =>
  layers.map((layer, i) => {
    const effectSize = 0.7 * Math.sin(i) - 0.1;
    const overall = { means: [1, 1 - effectSize], difference: effectSize, effectSize } as const;
    return {
      layer,
      ...BY_MEAN,
      groupNames,
      counts: [8498, 1502],
      overall,
      rmsEffectSize: 0.1 + 0.13 * i,
      channels: [],
    };
  });

export function makeSelectivity(classNames: readonly string[] = CLASS_NAMES): ClassSelectivity {
  const random = randomAt(7, 'selectivity');
  const filters = Array.from({ length: 64 }, (_, filter) => {
    const mean = 1 + random();
    const restMean = mean * random();
    const selectivity = filter === 3 ? NaN : (mean - restMean) / (mean + restMean);
    return { filter, selectivity, classIndex: Math.floor(10 * random()), mean, restMean };
  });
  return { layer: 'relu2_2', ...BY_MEAN, classNames, filters };
}

export function makeStrongest(): StrongestFilters {
  const random = randomAt(7, 'strongest');
  const counts = Uint32Array.from({ length: 64 }, () => Math.floor(1500 * random() ** 8));
  return { layer: 'relu1_1', ...BY_MEAN, imageCount: counts.reduce((sum, count) => sum + count, 0), counts };
}

export function makeSimilar(): SimilarFilters {
  const pairs = Array.from({ length: 40 }, (_, i) => ({
    filters: [i % 13, 14 + (i % 17)] as const,
    correlation: 0.98 - 0.05 * i,
    overlap: i === 4 ? NaN : Math.max(0, 0.8 - 0.03 * i),
  }));
  return {
    layer: 'relu1_1',
    kernelLayer: 'conv1_1',
    ...BY_MEAN,
    topCount: 20,
    sortedBy: 'correlation',
    pairs,
  };
}

/** ReLU layers whose sparsity grows with depth. */
export const makeStatistics = (layers: readonly string[]): LayerStatistics[] =>
  layers.map((layer, i) => {
    const count = 32_768_000 >> i;
    const zeros = Math.round(count * (0.416 + 0.06 * i));
    const histogram = new Float64Array(0);
    const sums = { count, sum: 0.4621 * count, sumOfSquares: 0.9 * count };
    const channel = { ...sums, min: 0, max: 12.9964, zeros, nonPositive: zeros, histogram };
    return { layer, shape: [32 >> i || 1, 32 >> i || 1, 32], imageCount: 1000, channels: [channel] };
  });

type Layer = [name: string, className: string, outputShape: number[], parameters: number, inputs?: string[]];

function summaryOf(name: string, layers: readonly Layer[]): ModelSummary {
  const summaries = layers.map(([layer, className, outputShape, parameters, inputs], i): LayerSummary => ({
    name: layer,
    className,
    outputShape,
    parameters,
    trainableParameters: className === 'BatchNormalization' ? parameters / 2 : parameters,
    inputs: inputs ?? (i ? [layers[i - 1][0]] : []),
  }));
  const sum = (key: 'parameters' | 'trainableParameters') =>
    summaries.reduce((total, layer) => total + layer[key], 0);
  return {
    name,
    layers: summaries,
    parameters: sum('parameters'),
    trainableParameters: sum('trainableParameters'),
  };
}

/** The model cifar10-bn-6conv. */
export function makeSummary(): ModelSummary {
  const layers: Layer[] = [['input', 'InputLayer', [32, 32, 3], 0]];
  [32, 64, 128].forEach((filters, block) => {
    let side = 32 >> block;
    for (const n of [1, 2]) {
      const name = `${block + 1}_${n}`;
      const before = n === 2 ? filters : [3, 32, 64][block];
      layers.push([`conv${name}`, 'Conv2D', [side, side, filters], 9 * before * filters + filters]);
      layers.push([`bn${name}`, 'BatchNormalization', [side, side, filters], 4 * filters]);
      layers.push([`relu${name}`, 'ReLU', [side, side, filters], 0]);
    }
    side /= 2;
    layers.push([`pool${block + 1}`, 'MaxPooling2D', [side, side, filters], 0]);
    layers.push([`drop${block + 1}`, 'Dropout', [side, side, filters], 0]);
  });
  layers.push(['flatten', 'Flatten', [2048], 0], ['dense1', 'Dense', [256], 524_544]);
  layers.push(['bn4', 'BatchNormalization', [256], 1024], ['relu4', 'ReLU', [256], 0]);
  layers.push(
    ['drop4', 'Dropout', [256], 0],
    ['dense2', 'Dense', [10], 2570],
    ['softmax', 'Softmax', [10], 0],
  );
  return summaryOf('cifar10-bn-6conv', layers);
}

/** Two skip connections that overlap, so that they need two lanes. */
export const makeResidualSummary = (long: string): ModelSummary =>
  summaryOf('residual', [
    ['input', 'InputLayer', [32, 32, 3], 0],
    [long, 'Conv2D', [32, 32, 16], 448],
    ['conv2', 'Conv2D', [32, 32, 16], 2320],
    ['relu2', 'ReLU', [32, 32, 16], 0],
    ['conv3', 'Conv2D', [32, 32, 16], 2320],
    ['add1', 'Add', [32, 32, 16], 0, [long, 'conv3']],
    ['conv4', 'SeparableConvolutionOfMyOwnThatHasALongName', [16, 16, 2048], 4640],
    ['add2', 'Concatenate', [16, 16, 2048], 0, ['conv4', 'relu2']],
    ['pool', 'GlobalAveragePooling2D', [2048], 0],
    ['dense', 'Dense', [1000], 123_456_789],
  ]);

export function makeSanityCheck(method: string, passes: boolean): SanityCheck {
  const heatmaps = [1, 3, 5].map((index) => ({ ...makeHeatmap(), method, index }));
  const steps = ['dense2', 'dense1', 'conv3_2', 'conv3_1', 'conv2_2', 'conv2_1', 'conv1_2', 'conv1_1'].map(
    (layer, i) => ({
      layer,
      heatmaps,
      similarities: heatmaps.map(({ index }) => {
        const spearman = passes ? 0.85 * 0.5 ** (i + 1) + 0.02 * index - 0.1 : 0.9 - 0.02 * i;
        return { index, spearman, spearmanOfMagnitudes: Math.abs(spearman), ssim: 0.9 * Math.abs(spearman) };
      }),
    }),
  );
  return { method, order: 'cascading', seed: 7, heatmaps, steps };
}

export const makeCurves = (methods: readonly string[]): PerturbationCurve[] =>
  methods.flatMap((method, m) =>
    (['deletion', 'insertion'] as const).flatMap((kind) =>
      [1, 3].map((index) => {
        const fractions = Float32Array.from({ length: 33 }, (_, i) => i / 32);
        const scoreAt = (fraction: number) => 9 * Math.exp(-fraction * (7 - 1.4 * m)) - 1;
        const scores = fractions.map((fraction) => scoreAt(kind === 'deletion' ? fraction : 1 - fraction));
        const auc = scores.reduce((sum, score, i) => sum + (i ? (score + scores[i - 1]) / 64 : 0), 0);
        return { kind, method, classIndex: 3, index, fractions, scores, auc };
      }),
    ),
  );

/** Stripes that leave 0..255; direction and color depend on the seed. */
function makeStripes(seed: number, side = 32): Omit<OptimizedImage, 'objective' | 'name'> {
  const random = randomAt(7, 'optimized', seed);
  const [fx, fy, phase] = [random() * 1.4, random() * 1.4, random() * 6];
  const gains = [random(), random(), random()];
  const pixels = Float32Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    return 128 + 180 * gains[i % 3] * Math.sin(fx * x + fy * y + phase);
  });
  return {
    height: side,
    width: side,
    channels: 3,
    pixels,
    initialValue: random() - 0.5,
    finalValue: 4 + 20 * random(),
    history: new Float32Array(0),
    frames: [],
  };
}

export const makeOptimized = ({
  layers,
  filters,
  side,
}: {
  layers: string[];
  filters: number;
  side?: number;
}): OptimizedImage[] =>
  layers.flatMap((layer, l) =>
    Array.from({ length: filters }, (_, channel) => ({
      ...makeStripes(100 * l + channel, side),
      objective: { kind: 'channel', layer, channel } as const,
      name: `${layer} #${channel}`,
    })),
  );

export const makeOptimizedClasses = (classNames: readonly string[]): OptimizedImage[] =>
  classNames.map((name, i) => ({ ...makeStripes(i), objective: { kind: 'class', class: i }, name }));

export function makeScores(classNames: readonly string[]): ScoreTable {
  const n = classNames.length;
  const random = randomAt(7, 'scores');
  const values = Float32Array.from({ length: n * n }, (_, i) =>
    i % (n + 1) ? 6 * random() - 4 : 12 + 9 * random(),
  );
  return { score: 'logit', names: classNames, classNames, values };
}

export const makeOptimalStimuli = ({
  filters,
  channels,
}: {
  filters: number;
  channels: number;
}): OptimalStimulus[] =>
  Array.from({ length: filters }, (_, filter) => {
    const random = randomAt(7, 'exact', filter);
    const values = Float32Array.from({ length: 25 * channels }, () => (random() < 0.5 ? 1 : 0));
    return { layer: 'conv1', filter, height: 5, width: 5, channels, values, maximum: 3 * random() };
  });
