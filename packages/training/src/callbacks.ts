import { InputError, type MetricCallback, type ResumableCallback } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/** A callback of TensorFlow.js; it may have state and may declare metrics. */
export type Callback = tf.CustomCallback & Partial<ResumableCallback> & MetricCallback;

const isResumable = (callback: Callback): callback is Callback & ResumableCallback =>
  typeof callback.getState === 'function';

/**
 * The callbacks whose state is saved in checkpoints.
 *
 * @throws InputError if two of them have the same name of state, because each would restore the state of the
 * other.
 */
export function resumableCallbacks(callbacks: readonly Callback[]): (Callback & ResumableCallback)[] {
  const resumable = callbacks.filter(isResumable);
  const names = resumable.map(({ stateName }) => stateName);
  const duplicate = names.find((name, i) => names.indexOf(name) < i);
  if (duplicate !== undefined)
    throw new InputError(
      `Expected callbacks with different names of their state, got two with ${JSON.stringify(duplicate)}`,
    );
  return resumable;
}

/** TensorFlow.js logs `acc`, Keras `accuracy`; both names are logged. */
const metricAliases = (metric: string) => (metric === 'acc' ? ['acc', 'accuracy'] : [metric]);

/**
 * All metrics in the logs of an epoch: those of the model, with `val_` if there is validation, and those that
 * callbacks add.
 *
 * @throws InputError if a callback monitors another metric.
 */
export function loggedMetrics(
  callbacks: readonly Callback[],
  { model, isValidated }: { model: tf.LayersModel; isValidated: boolean },
): string[] {
  const trainMetrics = model.metricsNames.flatMap(metricAliases);
  const validationMetrics = isValidated ? trainMetrics.map((name) => `val_${name}`) : [];
  const logged = [...trainMetrics, ...validationMetrics, ...callbacks.flatMap(({ logs = [] }) => logs)];
  for (const name of callbacks.flatMap(({ monitors = [] }) => monitors)) {
    if (logged.includes(name)) continue;
    const hint = name.startsWith('val_') && !isValidated ? ': there is no validation' : '';
    throw new InputError(
      `Expected monitor to be a metric that is logged (${logged.join(', ')}),` +
        ` got ${JSON.stringify(name)}${hint}`,
    );
  }
  return logged;
}

/** Calls the same hook of all callbacks, one after the other. */
export class CallbackList {
  constructor(
    private readonly callbacks: readonly Callback[],
    private readonly params: { readonly epochs: number; readonly metrics: readonly string[] },
  ) {}

  setModel(model: tf.LayersModel): void {
    for (const callback of this.callbacks) callback.setModel(model as never);
  }

  /** @param steps the number of batches of an epoch, if it is known. */
  setSteps(steps: number | undefined): void {
    const params = { ...this.params, steps: steps ?? null, verbose: 0 };
    for (const callback of this.callbacks) callback.setParams(params as never);
  }

  /** `call` of each callback, awaited before the next. */
  async each(call: (callback: Callback) => Promise<void>): Promise<void> {
    for (const callback of this.callbacks) await call(callback);
  }
}
