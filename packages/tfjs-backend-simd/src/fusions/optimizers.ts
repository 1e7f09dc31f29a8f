import * as tf from '@tensorflow/tfjs';
import { floatBits } from '../threads/float-bits.js';
import { fuseOptimizer, type Slot, type Slots } from './fuse-optimizer.js';

/**
 * An optimizer class of TensorFlow.js with its private fields: numbers, lists of slots and scalar variables.
 */
type WithFields<
  Numbers extends string,
  SlotLists extends string = never,
  Scalars extends string = never,
> = tf.Optimizer & Record<Numbers, number> & Record<SlotLists, Slot[]> & Record<Scalars, tf.Variable>;

interface OptimizerClass<Optimizer> {
  prototype: Optimizer;
}

const namedSlots = (lists: Readonly<Record<string, Slot[]>>): Slots[] =>
  Object.entries(lists).map(([name, list]) => ({ list, name }));

const bits = (...values: number[]) => values.map(floatBits);
const { fround } = Math;

/**
 * Fuses the step of each optimizer of TensorFlow.js into one kernel over all variables, where `simd` is
 * active. Formulas, order of operations and rounding are those of TensorFlow.js, so that weights and state
 * (`accBeta1`, slots, iterations, which checkpoints read) equal those of its cpu backend bit for bit.
 */
export function fuseOptimizers(): void {
  fuseSgd();
  fuseMomentum();
  fuseAdam();
  fuseAdamax();
  fuseRmsprop();
  fuseAdagrad();
  fuseAdadelta();
}

type Sgd = tf.Optimizer & { c: tf.Scalar };

function fuseSgd(): void {
  fuseOptimizer(tf.SGDOptimizer as unknown as OptimizerClass<Sgd>, {
    kernel: 'stepSgd',
    slots: () => [],
    state: ({ c }) => [c],
    args: (_, [negativeLearningRate]) => bits(negativeLearningRate[0]),
  });
}

type Momentum = WithFields<never, 'accumulations'> & { c: tf.Scalar; m: tf.Scalar; useNesterov: boolean };

function fuseMomentum(): void {
  fuseOptimizer(tf.MomentumOptimizer as unknown as OptimizerClass<Momentum>, {
    kernel: 'stepMomentum',
    slots: ({ accumulations: momentum }) => namedSlots({ momentum }),
    state: ({ c, m }) => [c, m],
    args: ({ useNesterov }, [negativeLearningRate, momentum]) => [
      ...bits(negativeLearningRate[0], momentum[0]),
      Number(useNesterov),
    ],
  });
}

type Adam = WithFields<
  'learningRate' | 'beta1' | 'beta2' | 'epsilon',
  'accumulatedFirstMoment' | 'accumulatedSecondMoment',
  'accBeta1' | 'accBeta2'
>;

function fuseAdam(): void {
  fuseOptimizer(tf.AdamOptimizer as unknown as OptimizerClass<Adam>, {
    kernel: 'stepAdam',
    slots: ({ accumulatedFirstMoment: m, accumulatedSecondMoment: v }) => namedSlots({ m, v }),
    state: ({ accBeta1, accBeta2 }) => [accBeta1, accBeta2],
    args: ({ learningRate, beta1, beta2, epsilon }, [beta1Power, beta2Power]) => {
      const [correction1, correction2] = [1 - beta1Power[0], 1 - beta2Power[0]];
      beta1Power[0] *= fround(beta1);
      beta2Power[0] *= fround(beta2);
      return bits(-learningRate, beta1, 1 - beta1, beta2, 1 - beta2, correction1, correction2, epsilon);
    },
  });
}

type Adamax = WithFields<
  'learningRate' | 'beta1' | 'beta2' | 'epsilon' | 'decay',
  'accumulatedFirstMoment' | 'accumulatedWeightedInfNorm',
  'iteration' | 'accBeta1'
>;

function fuseAdamax(): void {
  fuseOptimizer(tf.AdamaxOptimizer as unknown as OptimizerClass<Adamax>, {
    kernel: 'stepAdamax',
    slots: ({ accumulatedFirstMoment: m, accumulatedWeightedInfNorm: v }) => namedSlots({ m, v }),
    state: ({ iteration, accBeta1 }) => [iteration, accBeta1],
    args: ({ learningRate, decay, beta1, beta2, epsilon }, [iteration, beta1Power]) => {
      const decayDivisor = fround(fround(iteration[0] * fround(decay)) + 1);
      const decayedRate = fround(fround(-learningRate) / decayDivisor);
      const correctedRate = decayedRate / fround(1 - beta1Power[0]);
      iteration[0] += 1;
      beta1Power[0] *= fround(beta1);
      return bits(correctedRate, beta1, 1 - beta1, beta2, epsilon);
    },
  });
}

type Rmsprop = WithFields<
  'learningRate' | 'decay' | 'momentum' | 'epsilon',
  'accumulatedMeanSquares' | 'accumulatedMoments' | 'accumulatedMeanGrads'
> & { centered: boolean };

function fuseRmsprop(): void {
  fuseOptimizer(tf.RMSPropOptimizer as unknown as OptimizerClass<Rmsprop>, {
    kernel: 'stepRmsprop',
    slots: ({ accumulatedMeanSquares, accumulatedMoments: momentum, accumulatedMeanGrads, centered }) =>
      namedSlots({ rms: accumulatedMeanSquares, momentum, ...(centered && { mg: accumulatedMeanGrads }) }),
    args: ({ learningRate, decay, momentum, epsilon, centered }) => [
      ...bits(learningRate, decay, 1 - decay, momentum, epsilon),
      Number(centered),
    ],
  });
}

type Adagrad = WithFields<'learningRate' | 'initialAccumulatorValue', 'accumulatedGrads'>;

function fuseAdagrad(): void {
  fuseOptimizer(tf.AdagradOptimizer as unknown as OptimizerClass<Adagrad>, {
    kernel: 'stepAdagrad',
    slots: ({ accumulatedGrads, initialAccumulatorValue }) => [
      { list: accumulatedGrads, name: 'accumulator', initialValue: initialAccumulatorValue },
    ],
    args: ({ learningRate }) => bits(-learningRate, tf.backend().epsilon()),
  });
}

type Adadelta = WithFields<'learningRate' | 'rho' | 'epsilon', 'accumulatedGrads' | 'accumulatedUpdates'>;

function fuseAdadelta(): void {
  fuseOptimizer(tf.AdadeltaOptimizer as unknown as OptimizerClass<Adadelta>, {
    kernel: 'stepAdadelta',
    slots: ({ accumulatedGrads, accumulatedUpdates }) =>
      namedSlots({ accum_grad: accumulatedGrads, accum_var: accumulatedUpdates }),
    args: ({ learningRate, rho, epsilon }) => bits(-learningRate, rho, 1 - rho, epsilon),
  });
}
