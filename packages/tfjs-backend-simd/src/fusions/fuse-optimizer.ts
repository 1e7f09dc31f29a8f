import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';
import { activeBackend, gradientDepth } from './active-backend.js';
import { unlessOutOfMemory } from './out-of-memory.js';
import { writableAddress } from './writable-address.js';

/** A slot variable: what an optimizer stores for a variable, such as a moment. */
export interface Slot {
  originalName: string;
  variable: tf.Variable;
}

/** The slot variables of one kind, created at the first step. */
export interface Slots {
  readonly list: Slot[];
  readonly name: string;
  /** Default 0. */
  readonly initialValue?: number;
}

/** How the kernel of an optimizer is called. */
export interface FusedStep<Optimizer> {
  readonly kernel: string;
  /** In the order in which the kernel reads them; at most MAX_SLOTS. */
  slots(optimizer: Optimizer): Slots[];
  /** Scalar state (`accBeta1`) that the arguments are computed from; `args` updates it in place. */
  state?(optimizer: Optimizer): (tf.Tensor | tf.Variable)[];
  /** The kernel's arguments after table and count; receives a view of each scalar of `state`. */
  args(optimizer: Optimizer, state: Float32Array[]): number[];
}

type Gradients = Record<string, tf.Tensor> | { name: string; tensor: tf.Tensor }[];

interface OptimizerMethods {
  applyGradients(gradients: Gradients): void;
  incrementIterations(): void;
}

/** A variable and its gradient; null if it has none. */
interface Update {
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor | null;
}

/** The number of slots in a row of the kernel's table. */
const MAX_SLOTS = 3;
/** Value, gradient, slots and size of a variable. */
const ROW_WORDS = 3 + MAX_SLOTS;

/**
 * Replaces `applyGradients` of an optimizer class by one kernel over all variables, where `simd` is active.
 */
export function fuseOptimizer<Optimizer extends tf.Optimizer>(
  { prototype }: { prototype: Optimizer },
  step: FusedStep<Optimizer>,
): void {
  const methods = prototype as unknown as OptimizerMethods;
  const original = methods.applyGradients;
  methods.applyGradients = function (this: Optimizer & OptimizerMethods, gradients: Gradients) {
    const backend = activeBackend();
    if (backend && gradientDepth() === 0 && takeStep(backend, this, step, gradients))
      this.incrementIterations();
    else original.call(this, gradients);
  };
}

/**
 * Applies the gradients; false, with nothing changed, if the inputs are not supported or memory is full.
 *
 * @throws Error if a slot has another shape than its variable
 */
function takeStep<Optimizer extends tf.Optimizer>(
  backend: SimdBackend,
  optimizer: Optimizer,
  step: FusedStep<Optimizer>,
  gradients: Gradients,
): boolean {
  const updates = updatesOf(gradients);
  const slots = step.slots(optimizer);
  updates.forEach(({ variable }, i) => slots.forEach(({ list }) => expectSlot(optimizer, list[i], variable)));
  const scalars = step.state?.(optimizer) ?? [];
  if (!updates.every(isSupported) || !scalars.every(isFloatScalar)) return false;
  createSlots(slots, updates);
  if (!updates.every((_, i) => slots.every(({ list }) => areFloats(list[i].variable)))) return false;
  return (
    unlessOutOfMemory(() => dispatchStep(backend, optimizer, { step, updates, slots, scalars })) ?? false
  );
}

interface Step<Optimizer> {
  step: FusedStep<Optimizer>;
  updates: readonly Update[];
  slots: readonly Slots[];
  scalars: readonly (tf.Tensor | tf.Variable)[];
}

function dispatchStep<Optimizer>(
  backend: SimdBackend,
  optimizer: Optimizer,
  { step, updates, slots, scalars }: Step<Optimizer>,
): true {
  return backend.runWithRollback(() => {
    const rows = tableRows(backend, updates, slots);
    const addresses = scalarAddresses(backend, scalars);
    const size = updates.reduce((sum, { variable, gradient }) => sum + (gradient ? variable.size : 0), 0);
    backend.withScratch(Math.max(64, 4 * ROW_WORDS * rows.length), (table) => {
      const { memory } = backend.threadPool;
      memory.integers(table, ROW_WORDS * rows.length).set(rows.flat());
      const views = addresses.map((address) => memory.floats(address, 1));
      const args = [table, rows.length, ...step.args(optimizer, views)];
      backend.threadPool.dispatch(step.kernel, args, { serial: size < MIN_PARALLEL_SIZE });
    });
    return true;
  });
}

/**
 * TensorFlow.js finds slots by the position of the variable. After the list of variables has changed, a slot is that of
 * another variable: the kernel would read and write outside it.
 */
function expectSlot(optimizer: tf.Optimizer, slot: Slot | undefined, variable: tf.Variable): void {
  if (!slot || tf.util.arraysEqual(slot.variable.shape, variable.shape)) return;
  throw new Error(
    `Optimizer ${optimizer.getClassName()} was used for other variables before: '${variable.name}' has the shape ` +
      `[${variable.shape}], and its slot '${slot.originalName}' [${slot.variable.shape}]. Create a new optimizer ` +
      'for each model, and after layers were frozen or unfrozen (model.compile with a new optimizer)',
  );
}

const isFloatScalar = (scalar: tf.Tensor | tf.Variable): boolean => scalar.size === 1 && areFloats(scalar);

function updatesOf(gradients: Gradients): Update[] {
  const named = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
  return named.map(({ name, tensor }) => ({
    variable: tf.engine().registeredVariables[name],
    gradient: tensor as tf.Tensor | null,
  }));
}

function isSupported({ variable, gradient }: Update): boolean {
  if (!areFloats(variable)) return false;
  if (!gradient) return true;
  // A variable passed as a gradient would be modified while it is read.
  if (gradient instanceof tf.Variable) return false;
  return gradient.dtype === 'float32' && tf.util.arraysEqual(gradient.shape, variable.shape);
}

/** Creates missing slots in the order of TensorFlow.js: for each variable, one slot of each kind. */
function createSlots(slots: readonly Slots[], updates: readonly Update[]): void {
  updates.forEach(({ variable: { name: variableName, shape } }, i) => {
    for (const { list, name, initialValue = 0 } of slots)
      list[i] ??= {
        originalName: `${variableName}/${name}`,
        variable: tf.tidy(() => tf.variable(tf.fill(shape, initialValue), false)),
      };
  });
}

/** The rows of the kernel's table: the addresses of values, gradient and slots, and the number of values. */
function tableRows(backend: SimdBackend, updates: readonly Update[], slots: readonly Slots[]): number[][] {
  return updates.flatMap(({ variable, gradient }, i) => {
    if (!gradient) return [];
    const slotAddresses = slots.map(({ list }) => writableAddress(backend, list[i].variable));
    while (slotAddresses.length < MAX_SLOTS) slotAddresses.push(0);
    const value = writableAddress(backend, variable);
    return [[value, backend.address(gradient), ...slotAddresses, variable.size]];
  });
}

const scalarAddresses = (backend: SimdBackend, scalars: readonly (tf.Tensor | tf.Variable)[]): number[] =>
  scalars.map((scalar) =>
    scalar instanceof tf.Variable ? writableAddress(backend, scalar) : backend.address(scalar),
  );
