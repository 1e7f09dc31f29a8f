import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { hasMetric, readLog, type Logs } from './logs.js';
import type { Monitor } from './monitor.js';

const twoCopies = () => new InputError('Two copies of TensorFlow.js are loaded: run npm dedupe');

let paused = 0;

/**
 * Lets timers fire and the page answer, once for all callbacks that ask for it together. TensorFlow.js would wait for
 * the next animation frame, and none comes while a tab is hidden.
 */
async function pause(): Promise<void> {
  if (performance.now() - paused < 50) return;
  await new Promise((resolve) => setTimeout(resolve));
  paused = performance.now();
}

/**
 * A callback that knows its model and starts afresh with each training. An instance, not a plain object, because
 * TensorFlow.js cannot mix the two in one list.
 */
export abstract class ModelCallback extends tf.CustomCallback {
  #model: tf.LayersModel | undefined;

  constructor() {
    super({ nextFrameFunc: pause });
  }

  /** Forgets what an earlier training left. */
  protected abstract reset(): void;

  protected get model(): tf.LayersModel {
    if (this.#model) return this.#model;
    throw new InputError('Expected setModel to be called before training, got no model');
  }

  /** Batches an epoch, where the fit says how many. */
  protected get stepsPerEpoch(): number | undefined {
    const { steps, samples, batchSize } = this.params as Record<string, number | null | undefined>;
    return steps ?? (samples && batchSize ? Math.ceil(samples / batchSize) : undefined);
  }

  /** The metrics that the fit says it logs, though not in every epoch; none where it does not say. */
  protected get announced(): readonly string[] {
    return (this.params as { metrics?: readonly string[] }).metrics ?? [];
  }

  /**
   * What `monitor` reads; undefined where the metric exists, but was not measured in this epoch: one that the fit does not
   * validate, or one that another callback has cut short, whose validation metrics TensorFlow.js leaves out.
   */
  protected async readMonitored(monitor: Monitor, logs: Logs): Promise<number | undefined> {
    const value = await readLog(logs, monitor.name);
    const isKnown = this.model.stopTraining || hasMetric(this.announced, monitor.name);
    return value === undefined && isKnown ? undefined : monitor.read(logs);
  }

  override setModel(model: tf.LayersModel): void {
    if (!(model instanceof tf.LayersModel)) throw twoCopies();
    this.#model = model;
  }

  override async onTrainBegin(): Promise<void> {
    // Another copy takes an instance of this class for a plain object and calls its methods on something else.
    if (!((this as unknown) instanceof ModelCallback)) throw twoCopies();
    this.reset();
  }
}
