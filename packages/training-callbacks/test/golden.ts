import { readFileSync } from 'node:fs';

type GoldenNumber = number | 'NaN' | 'Infinity' | null;

interface Case<Expected> {
  readonly note: string | null;
  readonly monitor: string;
  readonly initial_lr: number;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  /** One an epoch; null where the logs lack the metric. */
  readonly values: readonly GoldenNumber[];
  readonly expected: Expected;
}

interface ReduceEpoch {
  readonly lr_logged: number;
  readonly lr_after: number;
  readonly wait: number;
  readonly cooldown: number;
  readonly best: GoldenNumber;
}

interface StopExpected {
  readonly epochs: readonly { readonly wait: number; readonly best: GoldenNumber; readonly stop: boolean }[];
  readonly epochs_run: number;
  readonly stopped_epoch: number;
  readonly best_epoch: number;
  readonly weights_from_epoch_at_end: number;
}

/** What the classes of Keras 3.15.1 did on real models; see `about` in the file. */
export const golden = JSON.parse(
  readFileSync(new URL('fixtures/keras-callbacks.json', import.meta.url), 'utf8'),
) as {
  ReduceLROnPlateau: Case<readonly ReduceEpoch[]>[];
  ReduceLROnPlateau_float32_edge: Case<readonly ReduceEpoch[]>[];
  EarlyStopping: Case<StopExpected>[];
  EarlyStopping_float32_edge: Case<StopExpected>[];
};

export const numberOf = (value: GoldenNumber) => (value === null ? undefined : Number(value));

/** Keras's names of the options as ours. */
export const optionsOf = ({ monitor, params }: Case<unknown>) => ({
  monitor,
  ...Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  ),
});

/** Keras lets NaN become the best value, and then nothing improves on it: the one thing we do otherwise. */
export const startsWithNaN = ({ params, values }: Case<unknown>) =>
  values[Number(params.start_from_epoch ?? 0)] === 'NaN';
