import { readLog, type Logs } from './logs.js';
import { ModelCallback } from './model-callback.js';

class TerminateOnNaN extends ModelCallback {
  #stoppedAt: { readonly epoch: number; readonly step: number } | undefined;
  #epoch = 0;

  /** The batch whose loss was no number, 0-based; undefined if there was none. */
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
    const loss = await readLog(logs, 'loss');
    if (loss !== undefined && !Number.isFinite(loss)) {
      this.#stoppedAt ??= { epoch: this.#epoch, step };
      this.model.stopTraining = true;
    }
    await super.onBatchEnd(step, logs);
  }
}

export type { TerminateOnNaN };

/**
 * A callback that stops training at the first batch whose loss is NaN or infinite: Keras's TerminateOnNaN. It reads the
 * loss of every batch back from the backend, which costs time on a GPU. The epoch still comes to its end: `fit` of
 * @convlens/training validates as Keras does; that of TensorFlow.js leaves the validation out, and callbacks of this
 * package that watch one of its metrics then let that epoch pass.
 */
export function terminateOnNaN(): TerminateOnNaN {
  return new TerminateOnNaN();
}
