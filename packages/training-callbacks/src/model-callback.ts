import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

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
