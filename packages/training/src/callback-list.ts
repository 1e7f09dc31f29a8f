import { InputError, type MetricCallback, type ResumableCallback } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/** A callback, and what it may say of itself. */
type Callback = tf.CustomCallback & Partial<ResumableCallback> & MetricCallback;

const isResumable = (callback: Callback): callback is Callback & ResumableCallback =>
  typeof callback.getState === 'function';

/**
 * Those of the callbacks whose memory belongs in a checkpoint. Throws an InputError if two of them would be filed under
 * one name: each would go on with the memory of the other.
 */
export function resumableOf(callbacks: readonly Callback[]): (Callback & ResumableCallback)[] {
  const resumable = callbacks.filter(isResumable);
  const names = resumable.map(({ stateName }) => stateName);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new InputError(
      `Expected callbacks with names of their own for their state, got two called ${JSON.stringify(twice)}`,
    );
  return resumable;
}

/** TensorFlow.js says `acc` where Keras says `accuracy`; either may be asked for. */
const namesOf = (metric: string) => (metric === 'acc' ? ['acc', 'accuracy'] : [metric]);

/**
 * Every metric that will be in the logs of an epoch: those of the model, with `val_` where there is validation, and those
 * that callbacks add. Throws an InputError if a callback watches one that will not.
 */
export function loggedMetrics(
  callbacks: readonly Callback[],
  { model, isValidated }: { model: tf.LayersModel; isValidated: boolean },
): string[] {
  const own = model.metricsNames.flatMap(namesOf);
  const validated = isValidated ? own.map((name) => `val_${name}`) : [];
  const logged = [...own, ...validated, ...callbacks.flatMap(({ logs = [] }) => logs)];
  for (const name of callbacks.flatMap(({ monitors = [] }) => monitors)) {
    if (logged.includes(name)) continue;
    const hint = name.startsWith('val_') && !isValidated ? ': there is no validation' : '';
    throw new InputError(
      `Expected monitor to be a metric that is logged (${logged.join(', ')}), got ${JSON.stringify(name)}${hint}`,
    );
  }
  return logged;
}
