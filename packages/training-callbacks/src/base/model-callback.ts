import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { hasMetric, readMetric, type Logs } from './logs.js';
import type { Monitor } from '../monitor.js';

const duplicateTensorFlowError = () =>
  new InputError('Two copies of TensorFlow.js are loaded: run npm dedupe');

let lastYield = 0;

/**
 * Lets timers and input events run, at most every 50 ms for all callbacks together. TensorFlow.js would wait
 * for the next animation frame, but a hidden tab has none.
 */
async function yieldToEventLoop(): Promise<void> {
  if (performance.now() - lastYield < 50) return;
  await new Promise((resolve) => setTimeout(resolve));
  lastYield = performance.now();
}

/**
 * A callback with a model, whose state is reset when training begins. An instance, not a plain object,
 * because TensorFlow.js does not accept both in one list.
 */
export abstract class ModelCallback extends tf.CustomCallback {
  #model: tf.LayersModel | undefined;

  constructor() {
    super({ nextFrameFunc: yieldToEventLoop });
  }

  /** Resets the state of an earlier training. */
  protected abstract reset(): void;

  protected get model(): tf.LayersModel {
    if (this.#model) return this.#model;
    throw new InputError('Expected setModel to be called before training, got no model');
  }

  /** The number of batches of an epoch, if `fit` declares it. */
  protected get stepsPerEpoch(): number | undefined {
    const { steps, samples, batchSize } = this.params as Record<string, number | null | undefined>;
    return steps ?? (samples && batchSize ? Math.ceil(samples / batchSize) : undefined);
  }

  /** The metrics that `fit` declares to log, not necessarily in every epoch; empty if it declares none. */
  protected get declaredMetrics(): readonly string[] {
    return (this.params as { metrics?: readonly string[] }).metrics ?? [];
  }

  /**
   * The value of the monitored metric. Undefined if the metric exists but this epoch has no value: an epoch
   * without validation, or one that another callback stopped, for which TensorFlow.js skips the validation.
   */
  protected async readMonitor(monitor: Monitor, logs: Logs): Promise<number | undefined> {
    const value = await readMetric(logs, monitor.name);
    const isOptional = this.model.stopTraining || hasMetric(this.declaredMetrics, monitor.name);
    return value === undefined && isOptional ? undefined : monitor.read(logs);
  }

  override setModel(model: tf.LayersModel): void {
    if (!(model instanceof tf.LayersModel)) throw duplicateTensorFlowError();
    this.#model = model;
  }

  override async onTrainBegin(): Promise<void> {
    // Another copy of TensorFlow.js treats this instance as a plain object and calls its methods with another
    // `this`.
    if (!((this as unknown) instanceof ModelCallback)) throw duplicateTensorFlowError();
    this.reset();
  }
}
