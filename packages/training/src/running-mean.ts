/** The logs of TensorFlow.js. They are mutable: ReduceLROnPlateau adds the learning rate. */
export type Logs = Record<string, number>;

/** The means of metrics over batches, each weighted by its number of images. */
export class RunningMean {
  #samples = 0;
  #latest: number[] = [];
  readonly #sums: number[];

  /** @param names the metrics, in the order of the values of `add`. */
  constructor(private readonly names: string[]) {
    this.#sums = names.map(() => 0);
  }

  add(values: number[], samples: number): void {
    this.#latest = values;
    this.#samples += samples;
    values.forEach((value, i) => (this.#sums[i] += value * samples));
  }

  /** The metrics of the last batch. */
  latest = () => this.#logs((i) => this.#latest[i]);
  mean = () => this.#logs((i) => this.#sums[i] / this.#samples);

  /** By the names of TensorFlow.js and of Keras, because callbacks are written for both. */
  #logs(valueAt: (index: number) => number): Logs {
    const logs = Object.fromEntries(this.names.map((name, i) => [name, valueAt(i)]));
    return { ...logs, accuracy: logs.acc };
  }
}
