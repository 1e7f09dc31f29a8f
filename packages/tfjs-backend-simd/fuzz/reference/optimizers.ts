import { mapValues, zeros, type Values } from './values.js';

/*
 * The update rules of TensorFlow.js's optimizers, from their papers, in float64. Powers of beta are kept in float32, as in
 * TensorFlow.js and Keras: 1 - 0.999 has a relative error of 5e-5 there.
 */

export const OPTIMIZERS = [
  'sgd',
  'momentum',
  'nesterov',
  'adam',
  'adamax',
  'rmsprop',
  'adagrad',
  'adadelta',
] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

const EPSILON = 1e-7;
const { fround } = Math;

/** What an optimizer keeps for one variable. */
interface State {
  readonly slots: Values[];
  step: number;
}

/** The change of one value; reads and writes the slots of this value. */
type Rule = (gradient: number, slots: number[], context: { rate: number; step: number }) => number;

const betaPower = (beta: number, step: number) => {
  let power = fround(beta);
  for (let i = 1; i < step; i++) power = fround(power * fround(beta));
  return power;
};

const momentum =
  (isNesterov: boolean): Rule =>
  (g, slots, { rate }) => {
    slots[0] = 0.9 * slots[0] + g;
    return -rate * (isNesterov ? g + 0.9 * slots[0] : slots[0]);
  };

const RULES: Readonly<Record<OptimizerName, Rule>> = {
  sgd: (g, _, { rate }) => -rate * g,
  momentum: momentum(false),
  nesterov: momentum(true),
  adam: (g, slots, { rate, step }) => {
    slots[0] = 0.9 * slots[0] + 0.1 * g;
    slots[1] = 0.999 * slots[1] + (1 - 0.999) * g * g;
    const m = slots[0] / (1 - betaPower(0.9, step));
    const v = slots[1] / (1 - betaPower(0.999, step));
    return (-rate * m) / (Math.sqrt(v) + EPSILON);
  },
  adamax: (g, slots, { rate, step }) => {
    slots[0] = 0.9 * slots[0] + 0.1 * g;
    slots[1] = Math.max(0.999 * slots[1], Math.abs(g));
    return ((-rate / (1 - betaPower(0.9, step))) * slots[0]) / (slots[1] + EPSILON);
  },
  rmsprop: (g, slots, { rate }) => {
    slots[0] = 0.9 * slots[0] + 0.1 * g * g;
    slots[1] = 0.8 * slots[1] + (rate * g) / Math.sqrt(slots[0] + EPSILON);
    return -slots[1];
  },
  adagrad: (g, slots, { rate }) => {
    slots[0] += g * g;
    return (-rate * g) / Math.sqrt(slots[0] + EPSILON);
  },
  // TensorFlow.js divides by the accumulated gradient of the step before, Keras by that of this step.
  adadelta: (g, slots, { rate }) => {
    const update = (Math.sqrt(slots[1] + EPSILON) / Math.sqrt(slots[0] + EPSILON)) * g;
    slots[0] = 0.95 * slots[0] + 0.05 * g * g;
    slots[1] = 0.95 * slots[1] + 0.05 * update * update;
    return -rate * update;
  },
};

const SLOTS = 2;
const INITIAL: Partial<Record<OptimizerName, number>> = { adagrad: 0.1 };

/** The TensorFlow.js call that creates the optimizer, with the constants of the rules above. */
export const optimizerCode = (name: OptimizerName, rate: number): string =>
  ({
    sgd: `tf.train.sgd(${rate})`,
    momentum: `tf.train.momentum(${rate}, 0.9)`,
    nesterov: `tf.train.momentum(${rate}, 0.9, true)`,
    adam: `tf.train.adam(${rate})`,
    adamax: `tf.train.adamax(${rate})`,
    rmsprop: `tf.train.rmsprop(${rate}, 0.9, 0.8, 1e-7)`,
    adagrad: `tf.train.adagrad(${rate})`,
    adadelta: `tf.train.adadelta(${rate}, 0.95, 1e-7)`,
  })[name];

/** An optimizer of a list of variables, by position. */
export class Optimizer {
  private readonly states = new Map<number, State>();

  constructor(
    private readonly name: OptimizerName,
    private readonly rate: number,
  ) {}

  /** The variable at this position of the list after one step. */
  step(position: number, variable: Values, gradient: Values): Values {
    const state = this.states.get(position) ?? this.initialState(variable);
    this.states.set(position, state);
    state.step++;
    const rule = RULES[this.name];
    return mapValues(variable, (value, i) => {
      const slots = state.slots.map(({ data }) => data[i]);
      const change = rule(gradient.data[i], slots, { rate: this.rate, step: state.step });
      slots.forEach((slot, k) => (state.slots[k].data[i] = slot));
      return value + change;
    });
  }

  private initialState({ shape }: Values): State {
    const slots = Array.from({ length: SLOTS }, () => {
      const slot = zeros(shape);
      slot.data.fill(INITIAL[this.name] ?? 0);
      return slot;
    });
    return { slots, step: 0 };
  }
}
