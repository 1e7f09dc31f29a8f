import { literal } from '../../program.js';
import { add, binary, multiply } from '../../reference/elementwise.js';
import { normalize } from '../../reference/normalization.js';
import { averagePool, maxPool } from '../../reference/pooling.js';
import { resize, type ResizeOptions } from '../../reference/resizing.js';
import { Tape } from '../../reference/tape.js';
import { expect } from '../../reference/values.js';
import type { Padding } from '../../reference/windows.js';
import { operation, type OperationSpec } from '../operation-spec.js';
import { choosePadding, images, paddingCode } from './convolutions.js';

interface PoolAttributes {
  readonly filterSizes: readonly number[];
  readonly strides: readonly number[];
  readonly pad: Padding;
  readonly rounding?: 'floor' | 'ceil' | 'round';
}

const pool = (name: string, dimensions: number, which: 'max' | 'average'): OperationSpec =>
  operation<PoolAttributes>({
    name,
    choose(chooser) {
      const { random } = chooser;
      const x = images(chooser, dimensions);
      const sizes = x.value.shape.slice(1, -1);
      const square = random.between(1, 4);
      const filterSizes = random.chance(0.6)
        ? sizes.map(() => square)
        : sizes.map(() => random.between(1, 4));
      const pad = choosePadding(chooser, filterSizes, sizes);
      const isNumber = typeof pad === 'number';
      const stride = random.between(1, 3);
      const strides = random.chance(0.4)
        ? filterSizes
        : sizes.map(() => (isNumber ? stride : random.between(1, 3)));
      const rounding = isNumber && random.chance(0.3) ? { rounding: 'floor' as const } : {};
      return { inputs: [x], attributes: { filterSizes, strides, pad, ...rounding } };
    },
    code: ([x], { filterSizes, strides, pad, rounding }) =>
      `tf.${name}(${x}, ${literal(filterSizes)}, ${literal(strides)}, ${paddingCode(pad)}${rounding ? `, '${rounding}'` : ''})`,
    reference: ([x], attributes, branches) =>
      which === 'max' ? maxPool(x, attributes, branches) : averagePool(x, attributes),
    weight: dimensions === 2 ? 3 : 1,
  });

interface BatchNormAttributes {
  readonly hasScale: boolean;
  readonly hasOffset: boolean;
  readonly epsilon: number;
}

/** In inference: with statistics along the last axis. */
const batchNorm = operation<BatchNormAttributes>({
  name: 'batchNorm',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ['float32'], minRank: 2, maxRank: 4 });
    const channels = [x.value.shape.at(-1)!];
    const [hasScale, hasOffset] = [random.chance(0.7), random.chance(0.7)];
    return {
      inputs: [
        x,
        chooser.of(channels),
        chooser.of(channels, { isPositive: true }),
        ...(hasOffset ? [chooser.of(channels)] : []),
        ...(hasScale ? [chooser.of(channels)] : []),
      ],
      attributes: { hasScale, hasOffset, epsilon: 0.01 },
    };
  },
  code([x, mean, variance, ...rest], { hasScale, hasOffset, epsilon }) {
    const offset = hasOffset ? rest.shift() : undefined;
    const scale = hasScale ? rest.shift() : undefined;
    return `tf.batchNorm(${x}, ${mean}, ${variance}, ${offset}, ${scale}, ${epsilon})`;
  },
  reference(inputs, { hasScale, hasOffset, epsilon }, branches) {
    const channels = inputs[0].shape.at(-1);
    expect(
      inputs.slice(1).every(({ shape }) => shape.length === 1 && shape[0] === channels),
      'One value per channel',
    );
    const tape = new Tape({ branches, round: ({ value }) => value });
    const sources = inputs.map((value) => tape.leaf(value));
    const [x, mean, variance, ...rest] = sources;
    const offset = hasOffset ? rest.shift() : undefined;
    const scale = hasScale ? rest.shift() : undefined;
    let rounding: number | undefined;
    const normalized = tape.apply([x, mean, variance], (a, m, v) => {
      const result = normalize(a, m, v, epsilon);
      rounding = result.scale;
      return result;
    });
    const scaled = scale ? tape.apply([normalized, scale], (a, b) => binary(a, b, multiply)) : normalized;
    const y = offset ? tape.apply([scaled, offset], (a, b) => binary(a, b, add)) : scaled;
    return {
      value: y.value,
      precision: 'rounded',
      scale: rounding,
      gradient: (dy) =>
        tape.gradients([[y, dy]], sources).map((value) => ({ value, precision: 'rounded' as const })),
    };
  },
  spreadsNaN: true,
  weight: 2,
});

const resizing = (name: string, method: 'bilinear' | 'nearest'): OperationSpec =>
  operation<{ size: readonly [number, number]; options: ResizeOptions }>({
    name,
    choose(chooser) {
      const { random } = chooser;
      const x = images(chooser, 2);
      const [, height, width] = x.value.shape;
      const size = random.chance(0.4)
        ? ([height * random.between(1, 3), width * random.between(1, 3)] as const)
        : ([random.between(1, 12), random.between(1, 12)] as const);
      const alignCorners = random.chance(0.3);
      return {
        inputs: [x],
        attributes: {
          size,
          options: { alignCorners, halfPixelCenters: !alignCorners && random.chance(0.4) },
        },
      };
    },
    code: ([x], { size, options }) =>
      `tf.image.${name}(${x}, ${literal(size)}, ${Boolean(options.alignCorners)}, ${Boolean(options.halfPixelCenters)})`,
    reference: ([x], { size, options }) => resize(x, size, method, options),
    // Interpolation with weight 0 may multiply it by infinity.
    spreadsNaN: method === 'bilinear',
    weight: 2,
  });

export const POOLS_AND_NORMS: readonly OperationSpec[] = [
  pool('maxPool', 2, 'max'),
  pool('avgPool', 2, 'average'),
  pool('maxPool3d', 3, 'max'),
  pool('avgPool3d', 3, 'average'),
  batchNorm,
  resizing('resizeBilinear', 'bilinear'),
  resizing('resizeNearestNeighbor', 'nearest'),
];
