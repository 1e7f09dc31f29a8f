import { EXACT_BRANCHES, type Branches } from './branches.js';
import { expect, zeros, type Gradient, type Result, type Values } from './values.js';

/** What a run of the reference does to each result: nothing, or rounding errors as float32 makes them. */
export interface Rounding {
  readonly branches: Branches;
  round(result: Gradient): Values;
}

export const NO_ROUNDING: Rounding = { branches: EXACT_BRANCHES, round: ({ value }) => value };

/** A value of the reference that remembers how it was computed. */
export interface Node {
  readonly value: Values;
  readonly id: number;
  readonly inputs: readonly Node[];
  readonly gradient?: Result['gradient'];
}

/** Records operations for reverse-mode differentiation. */
export class Tape {
  private nextId = 0;

  constructor(readonly rounding: Rounding = NO_ROUNDING) {}

  get branches(): Branches {
    return this.rounding.branches;
  }

  /** A value that is not computed: an input, a weight. */
  leaf(value: Values): Node {
    return { value, id: this.nextId++, inputs: [] };
  }

  /** The result of an operation on these inputs, in the order in which its gradient returns theirs. */
  apply(inputs: readonly Node[], operation: (...values: Values[]) => Result): Node {
    const result = operation(...inputs.map(({ value }) => value));
    return { value: this.rounding.round(result), id: this.nextId++, inputs, gradient: result.gradient };
  }

  /** The gradients of the sum of y * dy over all outputs, by each of `sources`; zeros where there is no path. */
  gradients(outputs: readonly (readonly [Node, Values])[], sources: readonly Node[]): Values[] {
    const totals = new Map<Node, Values>();
    const addTo = (node: Node, value: Values) => {
      const total = totals.get(node);
      totals.set(node, total ? this.rounding.round(added(total, value)) : value);
    };
    outputs.forEach(([node, dy]) => addTo(node, dy));
    for (const node of this.reachable(outputs.map(([output]) => output))) {
      const dy = totals.get(node);
      if (!dy || node.inputs.length === 0) continue;
      expect(node.gradient !== undefined, 'An operation has no gradient');
      node
        .gradient(dy)
        .forEach((gradient, i) => gradient && addTo(node.inputs[i], this.rounding.round(gradient)));
    }
    return sources.map((source) => totals.get(source) ?? zeros(source.value.shape));
  }

  /** All nodes that lead to `outputs`, the last computed first. */
  private reachable(outputs: readonly Node[]): Node[] {
    const found = new Set<Node>();
    const stack = [...outputs];
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (found.has(node)) continue;
      found.add(node);
      stack.push(...node.inputs);
    }
    return [...found].sort((a, b) => b.id - a.id);
  }
}

const added = (a: Values, b: Values): Gradient => ({
  value: { ...a, data: a.data.map((value, i) => value + b.data[i]) },
  precision: 'rounded',
});
