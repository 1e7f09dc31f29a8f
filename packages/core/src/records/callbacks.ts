/** The state that a callback needs to resume. Numbers may be Infinity or NaN. */
export type CallbackState = Readonly<Record<string, number | string | boolean | null | Float32Array>>;

/** A callback whose state is saved in checkpoints. */
export interface ResumableCallback {
  /** The name of its state; unique among the callbacks of a run. */
  readonly stateName: string;
  /** The state to save. */
  getState(): CallbackState;
  /** Restores a saved state. */
  setState(state: CallbackState): void;
}

/** A callback that declares its metrics, so that a misspelled name fails before training starts. */
export interface MetricCallback {
  /** The metrics that it reads from the logs of an epoch. */
  readonly monitors?: readonly string[];
  /** The metrics that it adds to the logs of an epoch. */
  readonly logs?: readonly string[];
}

/** A layer whose random numbers depend on the epoch and step: `fit` calls `setStep` before each batch. */
export interface SteppedLayer {
  /** Epoch and step are 0-based. */
  setStep(epoch: number, step: number): void;
}
