import {
  normal,
  randomAt,
  type ClassActivations,
  type ClassCurves,
  type ClassMetrics,
  type ConfusionMatrix,
  type EpochRecord,
  type FeatureMaps,
  type FilterBank,
  type Heatmap,
  type Images,
  type Prediction,
  type TopActivations,
} from '@convlens/core';

export const CLASS_NAMES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

/** Discs in front of gradients; color and position differ from image to image. */
export function makeImages({ count = 32, size = 32, channels = 3, classNames = CLASS_NAMES } = {}): Images {
  const pixels = new Uint8Array(count * size * size * channels);
  for (let n = 0, i = 0; n < count; n++) {
    const random = randomAt(7, 'image', n);
    const [cx, cy, radius] = [random() * size, random() * size, (0.15 + 0.2 * random()) * size];
    const [disc, ground] = [0, 1].map(() => Array.from({ length: channels }, () => random() * 255));
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        for (let c = 0; c < channels; c++, i++)
          pixels[i] = Math.hypot(x - cx, y - cy) < radius ? disc[c] : (ground[c] * (y + size)) / (2 * size);
  }
  const labels = Int32Array.from({ length: count }, (_, i) => i % classNames.length);
  return { name: 'discs', pixels, labels, count, height: size, width: size, channels, classNames };
}

/** Fifty epochs; by default the learning rate is halved three times and the 48th epoch is the best. */
export function makeHistory({ epochs = 50, validation = true, cuts = [23, 30, 43] } = {}): EpochRecord[] {
  return Array.from({ length: epochs }, (_, epoch) => {
    const noise = randomAt(7, 'history', epoch);
    const halvings = cuts.filter((cut) => epoch >= cut).length;
    const fall = Math.exp(-epoch / 9) + 0.06 * (3 - halvings);
    const accuracy = 0.9 - 0.46 * fall + 0.01 * noise();
    const valLoss = 0.4 + 1.2 * fall * (0.85 + 0.3 * noise());
    const valAccuracy = 0.86 - 0.4 * fall * (0.85 + 0.3 * noise());
    return {
      epoch,
      learningRate: 1e-3 * 0.5 ** halvings,
      loss: 0.32 + 1.35 * fall + 0.02 * noise(),
      accuracy,
      ...(validation ? { valLoss: epoch === 47 ? 0.4028 : valLoss + 0.01, valAccuracy } : {}),
      seconds: 40,
      metrics: {},
    };
  });
}

/** Smooth bumps that differ by channel; channel 3 is dead. */
export function makeMaps({ count = 3, size = 32, channels = 32, layer = 'relu1_1' } = {}): FeatureMaps {
  const values = new Float32Array(count * size * size * channels);
  for (let n = 0, i = 0; n < count; n++)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        for (let c = 0; c < channels; c++, i++) {
          const wave =
            Math.sin((x * (1 + (c % 5)) + n * 9) / size) * Math.cos((y * (1 + (c % 3)) + c) / size);
          values[i] = c === 3 ? 0 : Math.max(0, wave * (1 + c / 4));
        }
  const indices = Array.from({ length: count }, (_, i) => 3 * i + 1);
  return { layer, indices, count, height: size, width: size, channels, values };
}

/** A dense layer after a ReLU. */
export function makeUnits({ count = 1, channels = 256, layer = 'dense1' } = {}): FeatureMaps {
  const random = randomAt(7, 'units');
  const values = Float32Array.from({ length: count * channels }, () => Math.max(0, 3 * random() - 1.2));
  const indices = Array.from({ length: count }, (_, i) => 3 * i + 1);
  return { layer, indices, count, height: 1, width: 1, channels, values };
}

export function makeKernels({ size = 3, inChannels = 3, filters = 32 } = {}): FilterBank {
  const random = randomAt(7, 'kernels');
  const values = Float32Array.from({ length: size * size * inChannels * filters }, () => random() - 0.5);
  return { layer: 'conv1_1', height: size, width: size, inChannels, filters, values };
}

export function makeTop({
  reduction = 'mean' as 'mean' | 'max',
  count = 20,
  filters = [0, 10, 25],
} = {}): TopActivations {
  return {
    layer: 'relu2_2',
    reduction,
    filters: filters.map((filter) => {
      const random = randomAt(7, 'top', reduction, filter);
      const entries = Array.from({ length: count }, (_, rank) => {
        const index = Math.floor(random() * 32);
        const receptiveField = {
          top: Math.floor(random() * 22) - 3,
          left: Math.floor(random() * 22),
          height: 14,
          width: 14,
        };
        const label = [index % 10, 8, 9, 0][Math.floor(random() * 4)];
        return { index, score: 6.5 * 0.96 ** rank, label, row: 4, column: 5, receptiveField };
      });
      return { filter, entries };
    }),
  };
}

export function makeClassActivations({
  classNames = CLASS_NAMES,
  filters = [0, 10, 25],
} = {}): ClassActivations {
  const random = randomAt(7, 'classes');
  const means = Float64Array.from({ length: classNames.length * filters.length }, () => 0.1 + random());
  // The last class has no images.
  means.fill(NaN, (classNames.length - 1) * filters.length);
  const counts = classNames.map((_, c) => (c === classNames.length - 1 ? 0 : 1000));
  return { layer: 'relu2_2', reduction: 'mean', classNames, counts, filters, means };
}

export function makeConfusion({ classNames = CLASS_NAMES } = {}): ConfusionMatrix {
  const n = classNames.length;
  const random = randomAt(7, 'confusion');
  const counts = Uint32Array.from({ length: n * n }, () => Math.floor(60 * random() ** 6));
  for (let c = 0; c < n; c++) counts[c * n + c] = 780 + Math.floor(190 * random());
  return { classNames, counts };
}

/** Curves of classes whose scores are normal, further to the right for the images of the class. */
export function makeClassCurves({ classNames = CLASS_NAMES, images = 400 } = {}): ClassCurves[] {
  return classNames.map((className, c) => {
    const random = randomAt(7, 'class-curves', c);
    const positives = Math.ceil(images / classNames.length);
    const shift = 0.6 + 2.4 * random();
    const scored = Array.from({ length: images }, (_, i) => {
      const isClass = i < positives;
      return { isClass, probability: 1 / (1 + Math.exp(1 - 1.5 * (normal(random) + (isClass ? shift : 0)))) };
    }).sort((a, b) => b.probability - a.probability);
    const [tp, fp] = [[0], [0]];
    for (const { isClass } of scored) {
      tp.push(tp.at(-1)! + Number(isClass));
      fp.push(fp.at(-1)! + Number(!isClass));
    }
    const precisions = tp.map((count, i) => (i ? count / i : 1));
    const steps = scored.map(({ isClass }, i) => ({ isClass, i: i + 1 }));
    return {
      className,
      thresholds: [Infinity, ...scored.map(({ probability }) => probability)],
      falsePositiveRates: fp.map((count) => count / (images - positives)),
      truePositiveRates: tp.map((count) => count / positives),
      precisions,
      auc:
        steps.reduce((sum, { isClass, i }) => sum + (isClass ? 0 : tp[i]), 0) /
        positives /
        (images - positives),
      averagePrecision:
        steps.reduce((sum, { isClass, i }) => sum + (isClass ? precisions[i] : 0), 0) / positives,
    };
  });
}

/** The curves of a class without images. */
export const withoutImages = (curves: ClassCurves): ClassCurves => ({
  ...curves,
  truePositiveRates: curves.truePositiveRates.map(() => NaN),
  precisions: curves.precisions.map((_, i) => (i ? 0 : 1)),
  auc: NaN,
  averagePrecision: NaN,
});

export function makeClassMetrics({ classNames = CLASS_NAMES } = {}): ClassMetrics {
  const random = randomAt(7, 'class-metrics');
  const list = () => classNames.map(() => 0.6 + 0.4 * random());
  const [precision, recall] = [list(), list()];
  const f1 = precision.map((p, c) => (2 * p * recall[c]) / (p + recall[c]));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
  const macro = { precision: mean(precision), recall: mean(recall), f1: mean(f1) };
  const support = classNames.map(() => 900 + Math.floor(200 * random()));
  const accuracy = macro.recall + 0.004;
  return {
    classNames,
    precision,
    recall,
    f1,
    support,
    macro,
    weighted: macro,
    accuracy,
    balancedAccuracy: macro.recall,
  };
}

export function makePrediction({ index = 3, label = 3, predicted = 5, classes = 10 } = {}): Prediction {
  const random = randomAt(7, 'prediction', index);
  const raw = Array.from({ length: classes }, (_, c) =>
    c === predicted ? 6 : c === label ? 3 : 1.2 * random(),
  );
  const total = raw.reduce((sum, value) => sum + value, 0);
  const probabilities = Float32Array.from(raw, (value) => value / total);
  return { index, label, predicted, confidence: probabilities[predicted], probabilities };
}

export function makeHeatmap({
  size = 32,
  signed = false,
  layer = 'relu3_2' as string | undefined,
} = {}): Heatmap {
  const values = Float32Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [(i % size) / size - 0.55, Math.floor(i / size) / size - 0.45];
    return Math.exp(-14 * (x * x + y * y)) - (signed ? 0.6 * Math.exp(-20 * ((x + 0.3) ** 2 + y * y)) : 0);
  });
  const method = signed ? 'Integrated gradients' : 'Grad-CAM';
  return { method, layer, classIndex: 3, index: 3, height: size, width: size, values, signed };
}
