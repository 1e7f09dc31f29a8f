import { readMetric, type Logs } from '../base/logs.js';
import { ModelCallback } from '../base/model-callback.js';

class TerminateOnNaN extends ModelCallback {
  #stoppedAt: { readonly epoch: number; readonly step: number } | undefined;
  #epoch = 0;

  /** The batch with the first loss that is not finite, 0-based; undefined if there was none. */
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
    const loss = await readMetric(logs, 'loss');
    if (loss !== undefined && !Number.isFinite(loss)) {
      this.#stoppedAt ??= { epoch: this.#epoch, step };
      this.model.stopTraining = true;
    }
    await super.onBatchEnd(step, logs);
  }
}

export type { TerminateOnNaN };

/**
 * A callback that stops training at the first batch whose loss is NaN or infinite: Keras's TerminateOnNaN. It
 * reads the loss of every batch from the backend, which takes time on a GPU. The end of the epoch follows:
 * `fit` of @convlens/training validates, as Keras does; the fit of TensorFlow.js does not, and callbacks of
 * this package that monitor a validation metric ignore this epoch.
 */
export function terminateOnNaN(): TerminateOnNaN {
  return new TerminateOnNaN();
}
