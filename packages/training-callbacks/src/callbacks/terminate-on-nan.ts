import { hasDivergedLoss, isDivergedEpoch } from '../base/diverged-epoch.js';
import type { Logs } from '../base/logs.js';
import { ModelCallback } from '../base/model-callback.js';

class TerminateOnNaN extends ModelCallback {
  #stoppedAt: { readonly epoch: number; readonly step: number } | undefined;
  #epoch = 0;
  #step = 0;

  /**
   * The batch with the first diverged loss, or the last batch of the first epoch at whose end a weight or the validation loss
   * is diverged; 0-based; undefined if there was none.
   */
  get stoppedAt(): { readonly epoch: number; readonly step: number } | undefined {
    return this.#stoppedAt;
  }

  protected reset(): void {
    this.#stoppedAt = undefined;
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    this.#epoch = epoch;
  }

  override async onBatchEnd(step: number, logs: Logs = {}): Promise<void> {
    this.#step = step;
    if (await hasDivergedLoss(this.model, logs)) this.#stop();
    await super.onBatchEnd(step, logs);
  }

  override async onEpochEnd(_epoch: number, logs: Logs = {}): Promise<void> {
    if (await isDivergedEpoch(this.model, logs)) this.#stop();
  }

  #stop(): void {
    this.#stoppedAt ??= { epoch: this.#epoch, step: this.#step };
    this.model.stopTraining = true;
  }
}

export type { TerminateOnNaN };

/**
 * A callback that stops training at the first batch whose loss is NaN or infinite: Keras's TerminateOnNaN. Unlike Keras's, it
 * also stops at a cross-entropy below 0, and at the end of an epoch in which a weight or the validation loss is diverged. It
 * reads the loss of every batch from the backend, which takes time on a GPU. The end of the epoch follows:
 * `fit` of @convlens/training validates, as Keras does; the fit of TensorFlow.js does not, and callbacks of
 * this package that monitor a validation metric ignore this epoch.
 */
export function terminateOnNaN(): TerminateOnNaN {
  return new TerminateOnNaN();
}
