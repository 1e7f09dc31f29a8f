import type * as tf from '@tensorflow/tfjs';

/** The logs that TensorFlow.js passes to a hook: numbers, or scalars that have not been read. */
export type Logs = Record<string, number | tf.Scalar>;

/** All logged values as numbers. */
export async function readMetrics(logs: Logs): Promise<Record<string, number>> {
  const read = async ([name, value]: [string, number | tf.Scalar]) =>
    [name, typeof value === 'object' && 'data' in value ? (await value.data())[0] : value] as const;
  return Object.fromEntries(await Promise.all(Object.entries(logs).map(read))) as Record<string, number>;
}

const METRIC_ALIASES: Readonly<Record<string, string>> = {
  acc: 'accuracy',
  accuracy: 'acc',
  val_acc: 'val_accuracy',
  val_accuracy: 'val_acc',
};

/** Whether `names` contains a metric or its alias. */
export const hasMetric = (names: readonly string[], name: string): boolean =>
  names.includes(name) || names.includes(METRIC_ALIASES[name]);

/**
 * The value of a metric; undefined if it is not logged. TensorFlow.js logs `acc`, Keras `accuracy`: either
 * name finds either. Scalars are not disposed, because other callbacks read them too.
 */
export async function readMetric(logs: Logs, name: string): Promise<number | undefined> {
  const value = logs[name] ?? logs[METRIC_ALIASES[name]];
  return typeof value === 'object' ? (await value.data())[0] : value;
}
