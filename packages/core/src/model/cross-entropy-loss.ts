import { InputError } from '../guards/input-error.js';
import { showValue } from '../guards/show-value.js';

/** The names of the cross-entropies of TensorFlow.js. */
const CROSS_ENTROPIES: readonly unknown[] = [
  'binaryCrossentropy',
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
];

/** A field of the function, which copies of this package in one program share. */
const MARK = 'isCrossEntropyLoss';

/** Marks a loss function as a cross-entropy, for `isCrossEntropyLoss`. */
export function markCrossEntropyLoss(loss: object): void {
  if ((typeof loss !== 'object' && typeof loss !== 'function') || loss === null)
    throw new InputError(`Expected loss to be a loss function, got ${showValue(loss)}`);
  Object.assign(loss, { [MARK]: true });
}

/**
 * Whether the loss of a compiled model is a cross-entropy: one of TensorFlow.js by name, or a marked function. Of several
 * losses all have to be.
 */
export function isCrossEntropyLoss(loss: unknown): boolean {
  if (typeof loss === 'function') return MARK in loss;
  if (typeof loss !== 'object' || loss === null) return CROSS_ENTROPIES.includes(loss);
  const losses = Object.values(loss);
  return losses.length > 0 && losses.every(isCrossEntropyLoss);
}
