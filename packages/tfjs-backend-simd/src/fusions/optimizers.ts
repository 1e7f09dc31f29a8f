import * as tf from '@tensorflow/tfjs';
import { floatBits } from '../threads.js';
import { fuseOptimizer, type Slot } from './optimizer-step.js';

type Fields<
  Numbers extends string,
  Lists extends string = never,
  Scalars extends string = never,
> = tf.Optimizer & Record<Numbers, number> & Record<Lists, Slot[]> & Record<Scalars, tf.Variable>;

const bits = (...values: number[]) => values.map(floatBits);
const { fround } = Math;

/**
 * Lets the optimizers of TensorFlow.js take a step in one pass over all variables where `simd` is active. The formulas,
 * their order and every rounding are those of TensorFlow.js, so the results are those of its cpu backend, bit for bit;
 * so is what they keep (`accBeta1`, slots, iterations), which checkpoints read.
 */
export function fuseOptimizers(): void {
  fuseOptimizer(tf.SGDOptimizer as unknown as { prototype: Sgd }, {
    kernel: 'stepSgd',
    slots: () => [],
    state: ({ c }) => [c],
    args: (_, [c]) => bits(c[0]),
  });
  fuseOptimizer(tf.MomentumOptimizer as unknown as { prototype: Momentum }, {
    kernel: 'stepMomentum',
    slots: ({ accumulations }) => [{ list: accumulations, name: 'momentum' }],
    state: ({ c, m }) => [c, m],
    args: ({ useNesterov }, [c, m]) => [...bits(c[0], m[0]), Number(useNesterov)],
  });
  fuseOptimizer(tf.AdamOptimizer as unknown as { prototype: Adam }, {
    kernel: 'stepAdam',
    slots: (optimizer) => [
      { list: optimizer.accumulatedFirstMoment, name: 'm' },
      { list: optimizer.accumulatedSecondMoment, name: 'v' },
    ],
    state: ({ accBeta1, accBeta2 }) => [accBeta1, accBeta2],
    args: ({ learningRate, beta1, beta2, epsilon }, [power1, power2]) => {
      const args = [-learningRate, beta1, 1 - beta1, beta2, 1 - beta2, 1 - power1[0], 1 - power2[0], epsilon];
      power1[0] *= fround(beta1);
      power2[0] *= fround(beta2);
      return bits(...args);
    },
  });
  fuseOptimizer(tf.AdamaxOptimizer as unknown as { prototype: Adamax }, {
    kernel: 'stepAdamax',
    slots: (optimizer) => [
      { list: optimizer.accumulatedFirstMoment, name: 'm' },
      { list: optimizer.accumulatedWeightedInfNorm, name: 'v' },
    ],
    state: ({ iteration, accBeta1 }) => [iteration, accBeta1],
    args: ({ learningRate, decay, beta1, beta2, epsilon }, [iteration, power]) => {
      const decayed = fround(fround(-learningRate) / fround(fround(iteration[0] * fround(decay)) + 1));
      const args = [decayed / fround(1 - power[0]), beta1, 1 - beta1, beta2, epsilon];
      iteration[0] += 1;
      power[0] *= fround(beta1);
      return bits(...args);
    },
  });
  fuseOptimizer(tf.RMSPropOptimizer as unknown as { prototype: Rmsprop }, {
    kernel: 'stepRmsprop',
    slots: (optimizer) => [
      { list: optimizer.accumulatedMeanSquares, name: 'rms' },
      { list: optimizer.accumulatedMoments, name: 'momentum' },
      ...(optimizer.centered ? [{ list: optimizer.accumulatedMeanGrads, name: 'mg' }] : []),
    ],
    args: ({ learningRate, decay, momentum, epsilon, centered }) => [
      ...bits(learningRate, decay, 1 - decay, momentum, epsilon),
      Number(centered),
    ],
  });
  fuseOptimizer(tf.AdagradOptimizer as unknown as { prototype: Adagrad }, {
    kernel: 'stepAdagrad',
    slots: ({ accumulatedGrads, initialAccumulatorValue }) => [
      { list: accumulatedGrads, name: 'accumulator', initialValue: initialAccumulatorValue },
    ],
    args: ({ learningRate }) => bits(-learningRate, tf.backend().epsilon()),
  });
  fuseOptimizer(tf.AdadeltaOptimizer as unknown as { prototype: Adadelta }, {
    kernel: 'stepAdadelta',
    slots: (optimizer) => [
      { list: optimizer.accumulatedGrads, name: 'accum_grad' },
      { list: optimizer.accumulatedUpdates, name: 'accum_var' },
    ],
    args: ({ learningRate, rho, epsilon }) => bits(-learningRate, rho, 1 - rho, epsilon),
  });
}

type Sgd = tf.Optimizer & { c: tf.Scalar };
type Momentum = Fields<never, 'accumulations'> & { c: tf.Scalar; m: tf.Scalar; useNesterov: boolean };
type Adam = Fields<
  'learningRate' | 'beta1' | 'beta2' | 'epsilon',
  'accumulatedFirstMoment' | 'accumulatedSecondMoment',
  'accBeta1' | 'accBeta2'
>;
type Adamax = Fields<
  'learningRate' | 'beta1' | 'beta2' | 'epsilon' | 'decay',
  'accumulatedFirstMoment' | 'accumulatedWeightedInfNorm',
  'iteration' | 'accBeta1'
>;
type Rmsprop = Fields<
  'learningRate' | 'decay' | 'momentum' | 'epsilon',
  'accumulatedMeanSquares' | 'accumulatedMoments' | 'accumulatedMeanGrads'
> & { centered: boolean };
type Adagrad = Fields<'learningRate' | 'initialAccumulatorValue', 'accumulatedGrads'>;
type Adadelta = Fields<'learningRate' | 'rho' | 'epsilon', 'accumulatedGrads' | 'accumulatedUpdates'>;
