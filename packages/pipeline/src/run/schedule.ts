import {
  expectString,
  expectObject,
  expectInteger,
  expectNumber,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import {
  cosineDecay,
  inverseTimeDecay,
  learningRateScheduler,
  oneCycle,
  stepDecay,
  warmUp,
  type LearningRateSchedule,
  type LearningRateScheduler,
} from '@convlens/training-callbacks';

/** The settings that a schedule depends on. */
export interface ScheduleContext {
  /** The learning rate of the settings: the highest of the schedule. */
  readonly learningRate: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}

const SCHEDULE_CONTEXT: OptionNames<ScheduleContext> = {
  learningRate: true,
  epochs: true,
  stepsPerEpoch: true,
};

interface ScheduleKind {
  /** The options with an example each, in the order of the usage text. */
  readonly options: Readonly<Record<string, string>>;
  create(options: Readonly<Record<string, string>>, context: ScheduleContext): LearningRateSchedule;
  /** Whether the learning rate of a step depends on the total number of epochs. */
  readonly dependsOnEpochs: boolean;
}

const parseNumber = (name: string, text: string, range?: { min?: number; max?: number }) =>
  expectNumber(name, text.trim() === '' ? text : Number(text), range);

const SCHEDULE_KINDS: Readonly<Record<string, ScheduleKind>> = {
  'one-cycle': {
    options: { rise: '0.3', start: '0.04', end: '0.000004' },
    dependsOnEpochs: true,
    create({ rise = '0.3', start = '0.04', end = '0.000004' }, { learningRate, epochs, stepsPerEpoch }) {
      return oneCycle({
        maxLearningRate: learningRate,
        total: epochs * stepsPerEpoch,
        riseFraction: parseNumber('rise', rise, { min: 0, max: 1 }),
        initialLearningRate: learningRate * parseNumber('start', start, { min: 0 }),
        finalLearningRate: learningRate * parseNumber('end', end, { min: 0 }),
      });
    },
  },
  cosine: {
    options: { warmup: '1', end: '0' },
    dependsOnEpochs: true,
    create({ warmup = '0', end = '0' }, { learningRate, epochs, stepsPerEpoch }) {
      const warmUpEpochs = expectNumber('warmup', parseNumber('warmup', warmup), { min: 0, max: epochs });
      const steps = Math.round(warmUpEpochs * stepsPerEpoch);
      const decay = cosineDecay({
        initialLearningRate: learningRate,
        total: Math.max(1, epochs * stepsPerEpoch - steps),
        minLearningRate: learningRate * parseNumber('end', end, { min: 0 }),
      });
      return steps > 0 ? warmUp(decay, { steps }) : decay;
    },
  },
  step: {
    options: { every: '10', at: '15/25', factor: '0.1' },
    dependsOnEpochs: false,
    create({ every, at, factor = '0.1' }, { learningRate, stepsPerEpoch }) {
      if ((every === undefined) === (at === undefined))
        throw new InputError('Expected either every or at in the schedule step, such as step:every=10');
      const epochsToSteps = (name: string, text: string) =>
        stepsPerEpoch * expectInteger(name, parseNumber(name, text), { min: 1 });
      return stepDecay({
        initialLearningRate: learningRate,
        factor: parseNumber('factor', factor),
        every: at ? at.split('/').map((text) => epochsToSteps('at', text)) : epochsToSteps('every', every),
      });
    },
  },
  'inverse-time': {
    options: { decay: '1e-6' },
    dependsOnEpochs: false,
    create({ decay = '1e-6' }, { learningRate }) {
      return inverseTimeDecay({ initialLearningRate: learningRate, decay: parseNumber('decay', decay) });
    },
  },
};

const USAGE = Object.entries(SCHEDULE_KINDS)
  .map(([kind, { options }]) =>
    [kind, ...Object.entries(options).map(([name, value]) => `${name}=${value}`)].join(':'),
  )
  .join(', ');

function parseKindAndOptions(text: string): { kind: ScheduleKind; options: Record<string, string> } {
  const scheduleError = (reason: string) =>
    new InputError(`Expected a schedule, one of ${USAGE}, got ${JSON.stringify(text)}: ${reason}`);
  const [name, ...parts] = text.split(':');
  if (!Object.hasOwn(SCHEDULE_KINDS, name)) throw scheduleError(`there is no ${JSON.stringify(name)}`);
  const kind = SCHEDULE_KINDS[name];
  const options: Record<string, string> = {};
  for (const part of parts) {
    const [option, value, ...more] = part.split('=');
    if (!Object.hasOwn(kind.options, option))
      throw scheduleError(`${name} has no option ${JSON.stringify(option)}`);
    if (!value || more.length > 0) throw scheduleError(`${option} needs one value`);
    if (option in options) throw scheduleError(`${option} occurs twice`);
    options[option] = value;
  }
  return { kind, options };
}

/**
 * A callback that sets the learning rate before every step, from a text: a kind and its options, separated by
 * colons.
 *
 * - `one-cycle:rise=0.3:start=0.04:end=0.000004` rises to the learning rate of the settings during the fraction
 *   `rise` of the steps, then falls. `start` and `end` are fractions of that rate.
 * - `cosine:warmup=1:end=0` rises for `warmup` epochs, then falls along a cosine to the fraction `end` of the rate.
 * - `step:every=10:factor=0.1` is multiplied by the factor after every 10 epochs, `step:at=15/25` at the start of
 *   epochs 15 and 25 (0-based).
 * - `inverse-time:decay=1e-6` is rate / (1 + decay * step): `decay` of the old Keras optimizers.
 *
 * @throws InputError that lists the schedules and their options.
 */
export function parseSchedule(text: string, context: ScheduleContext): LearningRateScheduler {
  expectOptions('parseSchedule', context, SCHEDULE_CONTEXT);
  expectString('text', text);
  expectObject('context', context);
  const { kind, options } = parseKindAndOptions(text);
  return learningRateScheduler(kind.create(options, context), { unit: 'step' });
}

/** Throws an InputError if a text is not a schedule. */
export function expectSchedule(text: string): void {
  parseSchedule(text, { learningRate: 1, epochs: 1000, stepsPerEpoch: 1000 });
}

/** Whether the learning rates of a schedule depend on the total number of epochs, from the first step on. */
export const dependsOnEpochs = (text: string): boolean => parseKindAndOptions(text).kind.dependsOnEpochs;
