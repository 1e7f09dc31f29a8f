import { add, binary, divide, multiply, unary } from './elementwise.js';
import { clip, smooth } from './unary-functions.js';
import { mean, sum } from './reductions.js';
import type { Node, Tape } from './tape.js';
import type { Values } from './values.js';

const allAxes = ({ value }: Node) => value.shape.map((_, i) => i);

/** The sum of y * coefficients. */
export function weightedSum(tape: Tape, y: Node, coefficients: Values): Node {
  const product = tape.apply([y, tape.leaf(coefficients)], (a, b) => binary(a, b, multiply));
  return tape.apply([product], (values) => sum(values, { axes: allAxes(product) }));
}

export function meanSquaredError(tape: Tape, y: Node, target: Values): Node {
  const square = smooth(
    (x) => x * x,
    (x) => 2 * x,
  );
  const difference = tape.apply([y, tape.leaf(target)], (a, b) =>
    binary(a, b, { f: (p, q) => p - q, da: () => 1, db: () => -1 }),
  );
  const squared = tape.apply([difference], (values) => unary(values, square));
  return tape.apply([squared], (values) => mean(values, { axes: allAxes(squared) }));
}

/** Keras's epsilon: probabilities are clipped to [1e-7, 1 - 1e-7]. */
const EPSILON = 1e-7;

/** Of probabilities [batch, classes], which are first divided by their sum. */
export function categoricalCrossentropy(tape: Tape, y: Node, target: Values): Node {
  const total = tape.apply([y], (values) => sum(values, { axes: [1], keepDims: true }));
  const probabilities = tape.apply([y, total], (a, b) => binary(a, b, divide));
  const clipped = tape.apply([probabilities], (values) =>
    unary(values, clip(EPSILON, 1 - EPSILON), tape.branches),
  );
  const minusLog = smooth(
    (x) => -Math.log(x),
    (x) => -1 / x,
  );
  const logs = tape.apply([clipped], (values) => unary(values, minusLog));
  const weighted = tape.apply([logs, tape.leaf(target)], (a, b) => binary(a, b, multiply));
  const losses = tape.apply([weighted], (values) => sum(values, { axes: [1] }));
  return tape.apply([losses], (values) => mean(values, { axes: [0] }));
}

export const addAll = (tape: Tape, nodes: readonly Node[]): Node =>
  nodes.reduce((a, b) => tape.apply([a, b], (x, y) => binary(x, y, add)));
