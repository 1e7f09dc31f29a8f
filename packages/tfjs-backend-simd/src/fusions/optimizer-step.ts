import * as tf from '@tensorflow/tfjs';
import { areFloats, OutOfMemory, type SimdBackend } from '../backend.js';
import { activeBackend, gradientDepth } from './active-backend.js';
import { writableAddress } from './writable-address.js';

/** What an optimizer keeps for a variable, such as a moment. */
export interface Slot {
  originalName: string;
  variable: tf.Variable;
}

/** The slots of one kind; each is made at the first step. */
export interface Slots {
  readonly list: Slot[];
  readonly name: string;
  /** Default 0. */
  readonly initialValue?: number;
}

/** How an optimizer takes a step in one pass over all variables. */
export interface FusedStep<Optimizer> {
  readonly kernel: string;
  /** In the order the kernel reads them; at most three. */
  slots(optimizer: Optimizer): Slots[];
  /** Scalars the kernel has no address for but its arguments depend on; they are changed by `args`. */
  state?(optimizer: Optimizer): (tf.Tensor | tf.Variable)[];
  /** The kernel's arguments after table and count, given a view on each scalar of `state`. */
  args(optimizer: Optimizer, state: Float32Array[]): number[];
}

type Gradients = Record<string, tf.Tensor> | { name: string; tensor: tf.Tensor }[];

interface Stock {
  applyGradients(gradients: Gradients): void;
  incrementIterations(): void;
}

/** Below this many values in all, one thread is faster. */
const SMALL = 16_384;

/** Lets an optimizer class of TensorFlow.js take its steps in one pass where `simd` is active. */
export function fuseOptimizer<Optimizer extends tf.Optimizer>(
  { prototype }: { prototype: Optimizer },
  step: FusedStep<Optimizer>,
): void {
  const patched = prototype as unknown as Stock;
  const stock = patched.applyGradients;
  patched.applyGradients = function (this: Optimizer & Stock, gradients: Gradients) {
    const backend = activeBackend();
    if (backend && gradientDepth() === 0 && takeStep(backend, this, step, gradients))
      this.incrementIterations();
    else stock.call(this, gradients);
  };
}

/** Whether the step was taken; nothing has changed where it was not. */
function takeStep<Optimizer>(
  backend: SimdBackend,
  optimizer: Optimizer,
  step: FusedStep<Optimizer>,
  gradients: Gradients,
): boolean {
  const named = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
  const variables = named.map(({ name }) => tf.engine().registeredVariables[name]);
  const given = named.map(({ tensor }) => tensor as tf.Tensor | null);
  // A variable as another's gradient would change while it is read.
  if (!areFloats(...variables) || given.some((gradient) => gradient instanceof tf.Variable)) return false;
  const fits = (gradient: tf.Tensor | null, i: number) =>
    !gradient || (gradient.dtype === 'float32' && tf.util.arraysEqual(gradient.shape, variables[i].shape));
  if (!given.every(fits)) return false;
  const slots = step.slots(optimizer);
  makeSlots(slots, variables);
  try {
    const rows: number[] = [];
    let [count, total] = [0, 0];
    variables.forEach((variable, i) => {
      const gradient = given[i];
      if (!gradient) return;
      const addresses = slots.map(({ list }) => writableAddress(backend, list[i].variable));
      while (addresses.length < 3) addresses.push(0);
      rows.push(writableAddress(backend, variable), backend.address(gradient), ...addresses, variable.size);
      count++;
      total += variable.size;
    });
    const state = step.state?.(optimizer) ?? [];
    const places = state.map((scalar) =>
      scalar instanceof tf.Variable ? writableAddress(backend, scalar) : backend.address(scalar),
    );
    const { threads } = backend;
    backend.scratch(Math.max(64, 4 * rows.length), (table) => {
      const { memory } = threads;
      memory.integers(table, rows.length).set(rows);
      const args = step.args(
        optimizer,
        places.map((place) => memory.floats(place, 1)),
      );
      threads.run(step.kernel, [table, count, ...args], { alone: total < SMALL });
    });
    return true;
  } catch (error) {
    if (error instanceof OutOfMemory) return false;
    throw error;
  }
}

/** As TensorFlow.js does at the first step: variable by variable, the kinds in turn. */
function makeSlots(slots: readonly Slots[], variables: readonly tf.Variable[]): void {
  variables.forEach((value, i) => {
    for (const { list, name, initialValue = 0 } of slots)
      list[i] ??= {
        originalName: `${value.name}/${name}`,
        variable: tf.tidy(() => tf.variable(tf.fill(value.shape, initialValue), false)),
      };
  });
}
