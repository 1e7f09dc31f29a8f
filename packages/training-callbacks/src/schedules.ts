import {
  expectList,
  expectObject,
  expectInteger,
  expectNumber,
  expectOptions,
  InputError,
  showValue,
  type OptionNames,
} from '@convlens/core';

/**
 * The learning rate of an epoch or a step, as a function of its index (0-based) and of the rate before it.
 * The schedules below depend on the index only.
 */
export type LearningRateSchedule = (index: number, rate: number) => number;

const expectLearningRate = (name: string, value: number) => expectNumber(name, value, { min: 0 });

export interface StepDecayOptions {
  /** The learning rate at index 0, >= 0. */
  readonly initialLearningRate: number;
  /** The rate is multiplied by this number at each reduction, >= 0; default 0.1. */
  readonly factor?: number;
  /**
   * The number of indices between reductions, >= 1, or a list of the indices of reductions (He et al.: [82,
   * 123]).
   */
  readonly every: number | readonly number[];
}

const STEP_DECAY_OPTIONS: OptionNames<StepDecayOptions> = {
  initialLearningRate: true,
  factor: true,
  every: true,
};

/**
 * A reduction by a factor at regular or listed indices: initialLearningRate * factor ** floor(index / every).
 *
 * @throws InputError if an option is not valid.
 */
export function stepDecay(options: StepDecayOptions): LearningRateSchedule {
  expectOptions('stepDecay', options, STEP_DECAY_OPTIONS);
  expectObject('the options of stepDecay', options);
  const { initialLearningRate, factor = 0.1, every } = options;
  expectLearningRate('initialLearningRate', initialLearningRate);
  expectNumber('factor', factor, { min: 0 });
  if (typeof every === 'number') expectInteger('every', every, { min: 1 });
  else if (Array.isArray(every)) expectList('every', every, expectInteger);
  else
    throw new InputError(`Expected every to be an integer or an array of integers, got ${showValue(every)}`);
  const countReductions = (index: number) =>
    typeof every === 'number'
      ? Math.floor(index / every)
      : every.filter((reduction) => reduction <= index).length;
  return (index) => initialLearningRate * factor ** countReductions(index);
}

export interface InverseTimeDecayOptions {
  /** The learning rate at index 0, >= 0. */
  readonly initialLearningRate: number;
  /** The speed of the decay, >= 0, such as 1e-6 per step (the option `decay` of Keras's old optimizers). */
  readonly decay: number;
}

const INVERSE_TIME_DECAY_OPTIONS: OptionNames<InverseTimeDecayOptions> = {
  initialLearningRate: true,
  decay: true,
};

/**
 * Keras's InverseTimeDecay: initialLearningRate / (1 + decay * index).
 *
 * @throws InputError if an option is not valid.
 */
export function inverseTimeDecay(options: InverseTimeDecayOptions): LearningRateSchedule {
  expectOptions('inverseTimeDecay', options, INVERSE_TIME_DECAY_OPTIONS);
  expectObject('the options of inverseTimeDecay', options);
  const { initialLearningRate, decay } = options;
  expectLearningRate('initialLearningRate', initialLearningRate);
  expectNumber('decay', decay, { min: 0 });
  return (index) => initialLearningRate / (1 + decay * index);
}

export interface CosineDecayOptions {
  /** The learning rate at index 0, >= 0. */
  readonly initialLearningRate: number;
  /** The index at which the minimum is reached, >= 1. */
  readonly total: number;
  /** The learning rate from index `total` on, >= 0; default 0. */
  readonly minLearningRate?: number;
}

const COSINE_DECAY_OPTIONS: OptionNames<CosineDecayOptions> = {
  initialLearningRate: true,
  total: true,
  minLearningRate: true,
};

/**
 * Half a cosine from the initial rate to the minimum (Loshchilov and Hutter, SGDR, 2017, without restarts).
 *
 * @throws InputError if an option is not valid.
 */
export function cosineDecay(options: CosineDecayOptions): LearningRateSchedule {
  expectOptions('cosineDecay', options, COSINE_DECAY_OPTIONS);
  expectObject('the options of cosineDecay', options);
  const { initialLearningRate, total, minLearningRate = 0 } = options;
  expectLearningRate('initialLearningRate', initialLearningRate);
  expectLearningRate('minLearningRate', minLearningRate);
  expectInteger('total', total, { min: 1 });
  return (index) => interpolateCosine(initialLearningRate, minLearningRate, Math.min(1, index / total));
}

export interface OneCycleOptions {
  /** The highest learning rate, >= 0. */
  readonly maxLearningRate: number;
  /** The number of epochs or steps of the cycle, >= 2. */
  readonly total: number;
  /** The fraction of the cycle in which the rate rises, 0 to 1; default 0.3. */
  readonly riseFraction?: number;
  /** The first learning rate, >= 0; default maxLearningRate / 25. */
  readonly initialLearningRate?: number;
  /** The last learning rate, >= 0; default initialLearningRate / 10000. */
  readonly finalLearningRate?: number;
}

const ONE_CYCLE_OPTIONS: OptionNames<OneCycleOptions> = {
  maxLearningRate: true,
  total: true,
  riseFraction: true,
  initialLearningRate: true,
  finalLearningRate: true,
};

/**
 * The one-cycle policy (Smith, 2018), computed as PyTorch's OneCycleLR: the rate rises along half a cosine
 * and falls along another. From index `total` on it is the final rate.
 *
 * @throws InputError if an option is not valid.
 */
export function oneCycle(options: OneCycleOptions): LearningRateSchedule {
  expectOptions('oneCycle', options, ONE_CYCLE_OPTIONS);
  expectObject('the options of oneCycle', options);
  const { maxLearningRate, total, riseFraction = 0.3 } = options;
  const { initialLearningRate = maxLearningRate / 25 } = options;
  const { finalLearningRate = initialLearningRate / 1e4 } = options;
  expectLearningRate('maxLearningRate', maxLearningRate);
  expectLearningRate('initialLearningRate', initialLearningRate);
  expectLearningRate('finalLearningRate', finalLearningRate);
  expectInteger('total', total, { min: 2 });
  expectNumber('riseFraction', riseFraction, { min: 0, max: 1 });
  const peakIndex = riseFraction * total - 1;
  const lastIndex = total - 1;
  return (index) => {
    if (index <= peakIndex && peakIndex > 0)
      return interpolateCosine(initialLearningRate, maxLearningRate, index / peakIndex);
    if (index > peakIndex && peakIndex < lastIndex) {
      const fraction = Math.min(1, (index - peakIndex) / (lastIndex - peakIndex));
      return interpolateCosine(maxLearningRate, finalLearningRate, fraction);
    }
    return maxLearningRate;
  };
}

export interface WarmUpOptions {
  /** The number of indices of the warm-up, >= 1. */
  readonly steps: number;
}

const WARM_UP_OPTIONS: OptionNames<WarmUpOptions> = { steps: true };

/**
 * A linear warm-up (Goyal et al., 2017): the rate rises in `steps` equal parts to the first rate of
 * `schedule`, which begins after them.
 *
 * @throws InputError if `schedule` or an option is not valid.
 */
export function warmUp(schedule: LearningRateSchedule, options: WarmUpOptions): LearningRateSchedule {
  expectOptions('warmUp', options, WARM_UP_OPTIONS);
  expectObject('the options of warmUp', options);
  const { steps } = options;
  expectInteger('steps', steps, { min: 1 });
  if (typeof schedule !== 'function')
    throw new InputError(`Expected schedule to be a function, got ${typeof schedule}`);
  return (index, rate) =>
    index < steps ? (schedule(0, rate) * (index + 1)) / steps : schedule(index - steps, rate);
}

const interpolateCosine = (from: number, to: number, fraction: number) =>
  to + ((from - to) * (1 + Math.cos(Math.PI * fraction))) / 2;
