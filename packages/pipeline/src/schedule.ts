import { expectInteger, expectNumber, InputError } from '@convlens/core';
import {
  cosineDecay,
  inverseTimeDecay,
  learningRateSchedule,
  oneCycle,
  stepDecay,
  warmUp,
  type LearningRateSchedule,
  type Schedule,
} from '@convlens/training-callbacks';

/** What a schedule is laid out over. */
interface Course {
  /** The learning rate of the settings: the highest. */
  readonly rate: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}

interface Kind {
  /** Each option that may be given, in the order of the text, with an example. */
  readonly options: Readonly<Record<string, string>>;
  /** The rate by the step. */
  make(options: Readonly<Record<string, string>>, course: Course): Schedule;
  /** Whether the rate of a step depends on how many epochs there are in all. */
  readonly needsEnd: boolean;
}

const numberOf = (name: string, text: string) => expectNumber(name, text.trim() === '' ? text : Number(text));

const kinds: Readonly<Record<string, Kind>> = {
  'one-cycle': {
    options: { rise: '0.3', start: '0.04', end: '0.000004' },
    needsEnd: true,
    make({ rise = '0.3', start = '0.04', end = '0.000004' }, { rate, epochs, stepsPerEpoch }) {
      return oneCycle({
        peak: rate,
        total: epochs * stepsPerEpoch,
        rise: numberOf('rise', rise),
        start: rate * numberOf('start', start),
        end: rate * numberOf('end', end),
      });
    },
  },
  cosine: {
    options: { warmup: '1', end: '0' },
    needsEnd: true,
    make({ warmup = '0', end = '0' }, { rate, epochs, stepsPerEpoch }) {
      const epochsUp = expectNumber('warmup', numberOf('warmup', warmup), { min: 0, max: epochs });
      const steps = Math.round(epochsUp * stepsPerEpoch);
      const total = Math.max(1, epochs * stepsPerEpoch - steps);
      const falls = cosineDecay({ rate, total, minimum: rate * numberOf('end', end) });
      return steps > 0 ? warmUp(falls, { steps }) : falls;
    },
  },
  step: {
    options: { every: '10', at: '15/25', factor: '0.1' },
    needsEnd: false,
    make({ every, at, factor = '0.1' }, { rate, stepsPerEpoch }) {
      if ((every === undefined) === (at === undefined))
        throw new InputError('Expected either every or at in the schedule step, such as step:every=10');
      const stepsOf = (name: string, text: string) =>
        stepsPerEpoch * expectInteger(name, numberOf(name, text), { min: 1 });
      return stepDecay({
        rate,
        factor: numberOf('factor', factor),
        every: at ? at.split('/').map((text) => stepsOf('at', text)) : stepsOf('every', every),
      });
    },
  },
  'inverse-time': {
    options: { decay: '1e-6' },
    needsEnd: false,
    make({ decay = '1e-6' }, { rate }) {
      return inverseTimeDecay({ rate, decay: numberOf('decay', decay) });
    },
  },
};

const usage = Object.entries(kinds)
  .map(([kind, { options }]) =>
    [kind, ...Object.entries(options).map(([name, value]) => `${name}=${value}`)].join(':'),
  )
  .join(', ');

function parse(text: string): { kind: Kind; options: Record<string, string> } {
  const fail = (what: string) =>
    new InputError(`Expected a schedule, one of ${usage}, got ${JSON.stringify(text)}: ${what}`);
  const [name, ...parts] = text.split(':');
  if (!Object.hasOwn(kinds, name)) throw fail(`there is no ${JSON.stringify(name)}`);
  const options: Record<string, string> = {};
  for (const part of parts) {
    const [option, value, ...more] = part.split('=');
    if (!Object.hasOwn(kinds[name].options, option))
      throw fail(`${name} has no option ${JSON.stringify(option)}`);
    if (!value || more.length > 0) throw fail(`${option} needs one value`);
    if (option in options) throw fail(`${option} is given twice`);
    options[option] = value;
  }
  return { kind: kinds[name], options };
}

/**
 * A callback that moves the learning rate step by step, from text: a kind and, after colons, its options.
 *
 * | text | the rate |
 * |---|---|
 * | one-cycle:rise=0.3:start=0.04:end=0.000004 | up to the rate of the settings and down again; start and end are shares of it |
 * | cosine:warmup=1:end=0 | down along a cosine, after so many epochs of rising |
 * | step:every=10:factor=0.1, step:at=15/25 | falls after every so many epochs, or at the begin of these (0-based) |
 * | inverse-time:decay=1e-6 | rate / (1 + decay * step): `decay` of Keras's old optimizers |
 *
 * Throws an InputError that lists what there is.
 */
export function scheduleOf(text: string, course: Course): LearningRateSchedule {
  const { kind, options } = parse(text);
  return learningRateSchedule(kind.make(options, course), { unit: 'step' });
}

/** Throws an InputError if a text is no schedule. */
export function expectSchedule(text: string): void {
  scheduleOf(text, { rate: 1, epochs: 1000, stepsPerEpoch: 1000 });
}

/** Whether a run with this schedule is another one from the first step on when it has more epochs. */
export const needsEnd = (text: string): boolean => parse(text).kind.needsEnd;
