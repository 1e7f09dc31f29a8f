import { broadcastTo, pad, reshape, slice, transpose } from '../../reference/arrangement.js';
import { resize } from '../../reference/resizing.js';
import { sizeOf } from '../../reference/values.js';
import { layer, type LayerSpec } from '../layer-spec.js';

type Sides = readonly [readonly [number, number], readonly [number, number]];

const upSampling = layer<{ size: readonly [number, number]; interpolation: 'nearest' | 'bilinear' }>({
  name: 'upSampling2d',
  choose: (random, [shape]) =>
    shape.length === 3
      ? {
          size: [random.between(1, 3), random.between(1, 3)],
          interpolation: random.pick(['nearest', 'bilinear'] as const),
        }
      : undefined,
  code: (options) => options,
  reference: ({ tape, inputs, options: { size, interpolation } }) =>
    tape.apply([inputs[0]], (x) => resize(x, [x.shape[1] * size[0], x.shape[2] * size[1]], interpolation)),
  simpler: (options) => [
    { ...options, size: [2, 1] },
    { ...options, size: [1, 2] },
  ],
});

const zeroPadding = layer<{ padding: Sides }>({
  name: 'zeroPadding2d',
  choose: (random, [shape]) => {
    const sides = () => [random.between(0, 2), random.between(0, 3)] as const;
    return shape.length === 3 ? { padding: [sides(), sides()] } : undefined;
  },
  code: (options) => options,
  reference: ({ tape, inputs, options: { padding } }) =>
    tape.apply([inputs[0]], (x) => pad(x, [[0, 0], ...padding, [0, 0]])),
});

const cropping = layer<{ cropping: Sides }>({
  name: 'cropping2D',
  choose: (random, [shape]) => {
    if (shape.length !== 3) return undefined;
    const sides = (size: number) => {
      const before = random.between(0, Math.min(3, size - 1));
      return [before, random.between(0, Math.min(3, size - 1 - before))] as const;
    };
    return { cropping: [sides(shape[0]), sides(shape[1])] };
  },
  code: (options) => options,
  reference: ({
    tape,
    inputs,
    options: {
      cropping: [rows, columns],
    },
  }) =>
    tape.apply([inputs[0]], (x) => {
      const begin = [0, rows[0], columns[0], 0];
      return slice(x, begin, [
        x.shape[0],
        x.shape[1] - rows[0] - rows[1],
        x.shape[2] - columns[0] - columns[1],
        x.shape[3],
      ]);
    }),
});

const flatten = layer<object>({
  name: 'flatten',
  choose: (_, [shape]) => (shape.length > 1 ? {} : undefined),
  code: () => ({}),
  reference: ({ tape, inputs }) =>
    tape.apply([inputs[0]], (x) => reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))])),
});

const reshapeLayer = layer<{ targetShape: readonly number[] }>({
  name: 'reshape',
  choose(random, [shape]) {
    const targets = [
      [...shape].reverse(),
      [...shape.slice(0, -2), shape.slice(-2).reduce((a, b) => a * b, 1)],
      ...(shape.length < 3
        ? [
            [...shape, 1],
            [1, ...shape],
          ]
        : []),
    ];
    return { targetShape: random.pick(targets.filter((target) => target.length > 0)) };
  },
  code: (options) => options,
  reference: ({ tape, inputs, options: { targetShape } }) =>
    tape.apply([inputs[0]], (x) => reshape(x, [x.shape[0], ...targetShape])),
});

const permute = layer<{ dims: readonly number[] }>({
  name: 'permute',
  choose: (random, [shape]) =>
    shape.length > 1 ? { dims: random.shuffled(shape.map((_, i) => i + 1)) } : undefined,
  code: (options) => options,
  reference: ({ tape, inputs, options: { dims } }) =>
    tape.apply([inputs[0]], (x) => transpose(x, [0, ...dims])),
});

const repeatVector = layer<{ n: number }>({
  name: 'repeatVector',
  choose: (random, [shape]) => (shape.length === 1 ? { n: random.between(1, 5) } : undefined),
  code: (options) => options,
  reference({ tape, inputs, options: { n } }) {
    const [images, units] = inputs[0].value.shape;
    const row = tape.apply([inputs[0]], (x) => reshape(x, [images, 1, units]));
    return tape.apply([row], (x) => broadcastTo(x, [images, n, units]));
  },
});

export const ARRANGEMENT_LAYERS: readonly LayerSpec[] = [
  upSampling,
  zeroPadding,
  cropping,
  flatten,
  reshapeLayer,
  permute,
  repeatVector,
];
