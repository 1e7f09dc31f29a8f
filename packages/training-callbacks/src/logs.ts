import type * as tf from '@tensorflow/tfjs';

/** What TensorFlow.js hands to a hook: numbers, or scalars that nobody has read back yet. */
export type Logs = Record<string, number | tf.Scalar>;

/** Every logged value by its name, read back. */
export async function readLogs(logs: Logs): Promise<Record<string, number>> {
  const read = async ([name, value]: [string, number | tf.Scalar]) =>
    [name, typeof value === 'object' && 'data' in value ? (await value.data())[0] : value] as const;
  return Object.fromEntries(await Promise.all(Object.entries(logs).map(read))) as Record<string, number>;
}

const TWINS: Readonly<Record<string, string>> = {
  acc: 'accuracy',
  accuracy: 'acc',
  val_acc: 'val_accuracy',
  val_accuracy: 'val_acc',
};

/** Whether a metric is among these names, by either of its names. */
export const hasMetric = (names: readonly string[], name: string): boolean =>
  names.includes(name) || names.includes(TWINS[name]);

/**
 * The value logged under that name, or undefined. TensorFlow.js says `acc` where Keras says `accuracy`; either name
 * finds either. The scalars stay where they are: other callbacks read them too.
 */
export async function readLog(logs: Logs, name: string): Promise<number | undefined> {
  const value = logs[name] ?? logs[TWINS[name]];
  return typeof value === 'object' ? (await value.data())[0] : value;
}
