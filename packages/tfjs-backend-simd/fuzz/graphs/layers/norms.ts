import { reshape } from '../../reference/arrangement.js';
import { add, binary, multiply } from '../../reference/elementwise.js';
import { normalize, standardize } from '../../reference/normalization.js';
import type { Node, Tape } from '../../reference/tape.js';
import { mapValues, valuesOf } from '../../reference/values.js';
import { layer, type LayerSpec, type WeightSpec } from '../layer-spec.js';

interface NormOptions {
  readonly axis: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly momentum: number;
}

const gamma = (shape: readonly number[]): WeightSpec => ({ shape, fill: { kind: 'positive' } });
const beta = (shape: readonly number[]): WeightSpec => ({ shape, fill: { kind: 'normal', scale: 0.3 } });

/** x * gamma + beta, both along `axes`; either may be missing. */
function scaleAndShift(
  tape: Tape,
  x: Node,
  axes: readonly number[],
  [scale, offset]: readonly (Node | undefined)[],
): Node {
  const kept = x.value.shape.map((size, i) => (axes.includes(i) ? size : 1));
  const along = (weight: Node) => tape.apply([weight], (w) => reshape(w, kept));
  const scaled = scale ? tape.apply([x, along(scale)], (a, b) => binary(a, b, multiply)) : x;
  return offset ? tape.apply([scaled, along(offset)], (a, b) => binary(a, b, add)) : scaled;
}

const batchNormalization = layer<NormOptions>({
  name: 'batchNormalization',
  choose: (random, [shape]) =>
    shape.length <= 3
      ? {
          axis: random.chance(0.9) ? -1 : random.between(1, shape.length),
          epsilon: random.pick([0.001, 0.001, 0.01]),
          // TensorFlow.js needs both where it does not run as one kernel.
          center: random.chance(0.9),
          scale: random.chance(0.9),
          momentum: random.pick([0.99, 0.9, 0.5]),
        }
      : undefined,
  code: ({ axis, epsilon, center, scale, momentum }) => ({
    ...(axis !== -1 && { axis }),
    ...(epsilon !== 0.001 && { epsilon }),
    ...(!center && { center }),
    ...(!scale && { scale }),
    momentum,
  }),
  weights: ({ axis, center, scale }, shape) => {
    const size = [axis === -1 ? shape.at(-1)! : shape[axis - 1]];
    return [
      ...(scale ? [gamma(size)] : []),
      ...(center ? [beta(size)] : []),
      { ...beta(size), isMoving: true },
      { ...gamma(size), isMoving: true },
    ];
  },
  reference({ tape, inputs: [x], weights, options, training, move }) {
    const { epsilon, center, scale, momentum } = options;
    const { shape } = x.value;
    const axis = options.axis === -1 ? shape.length - 1 : options.axis;
    const trained = [scale ? weights[0] : undefined, center ? weights[Number(scale)] : undefined];
    const first = Number(scale) + Number(center);
    const moving = [weights[first], weights[first + 1]];
    const kept = shape.map((size, i) => (i === axis ? size : 1));
    if (!training) {
      const [mean, variance] = moving.map((weight) => tape.apply([weight], (w) => reshape(w, kept)));
      const normalized = tape.apply([x, mean, variance], (a, m, v) => normalize(a, m, v, epsilon));
      return scaleAndShift(tape, normalized, [axis], trained);
    }
    const axes = shape.map((_, i) => i).filter((i) => i !== axis);
    const standardized = standardize(x.value, axes, epsilon);
    [standardized.mean, standardized.variance].forEach((statistic, i) => {
      const old = moving[i].value;
      const value = mapValues(old, (v, k) => v * momentum + statistic.data[k] * (1 - momentum));
      move(first + i, tape.rounding.round({ value: valuesOf(old.shape, value.data), precision: 'rounded' }));
    });
    return scaleAndShift(
      tape,
      tape.apply([x], () => standardized),
      [axis],
      trained,
    );
  },
  simpler: (options) => [{ ...options, axis: -1, epsilon: 0.001, center: true, scale: true, momentum: 0.99 }],
});

const layerNormalization = layer<NormOptions>({
  name: 'layerNormalization',
  choose: (random, [shape]) =>
    shape.length <= 3
      ? {
          axis: random.chance(0.8) ? -1 : random.between(1, shape.length),
          epsilon: random.pick([0.001, 0.001, 0.01]),
          center: random.chance(0.8),
          scale: random.chance(0.8),
          momentum: 0,
        }
      : undefined,
  code: ({ axis, epsilon, center, scale }) => ({
    ...(axis !== -1 && { axis }),
    ...(epsilon !== 0.001 && { epsilon }),
    ...(!center && { center }),
    ...(!scale && { scale }),
  }),
  weights: ({ axis, center, scale }, shape) => {
    const size = [axis === -1 ? shape.at(-1)! : shape[axis - 1]];
    return [...(scale ? [gamma(size)] : []), ...(center ? [beta(size)] : [])];
  },
  reference({ tape, inputs: [x], weights, options }) {
    const { epsilon, center, scale } = options;
    const axis = options.axis === -1 ? x.value.shape.length - 1 : options.axis;
    const trained = [scale ? weights[0] : undefined, center ? weights[Number(scale)] : undefined];
    const standardized = tape.apply([x], (values) => standardize(values, [axis], epsilon));
    return scaleAndShift(tape, standardized, [axis], trained);
  },
  simpler: (options) => [{ ...options, axis: -1, epsilon: 0.001, center: true, scale: true }],
});

export const NORM_LAYERS: readonly LayerSpec[] = [batchNormalization, layerNormalization];
