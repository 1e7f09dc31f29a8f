/** What tfjs hands to callbacks: mutable, so that one can add to it (ReduceLROnPlateau adds the rate). */
export type Logs = Record<string, number>;

/** Means over batches, each weighed by its images. */
export class Means {
  count = 0;
  private readonly sums: number[];
  private values: number[] = [];

  constructor(private readonly names: string[]) {
    this.sums = names.map(() => 0);
  }

  add(values: number[], count: number): void {
    this.values = values;
    this.count += count;
    values.forEach((value, i) => (this.sums[i] += value * count));
  }

  last = () => this.named((i) => this.values[i]);
  mean = () => this.named((i) => this.sums[i] / this.count);

  /** By tfjs's names and by Keras's, since callbacks are written for both. */
  private named(valueAt: (index: number) => number): Logs {
    const logs = Object.fromEntries(this.names.map((name, i) => [name, valueAt(i)]));
    return { ...logs, accuracy: logs.acc };
  }
}
