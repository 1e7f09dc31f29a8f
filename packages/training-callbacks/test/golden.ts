import { readFileSync } from 'node:fs';

type GoldenNumber = number | 'NaN' | 'Infinity' | null;

interface GoldenCase<Expected> {
  readonly note: string | null;
  readonly monitor: string;
  readonly initial_lr: number;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  /** One per epoch; null if the metric is not logged. */
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

type Logs = Readonly<Record<string, GoldenNumber>>;

export interface CheckpointCase {
  readonly note?: string;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly batches_per_epoch?: number;
  readonly logs: readonly Logs[];
  readonly expected: {
    readonly saved: readonly {
      readonly epoch: number;
      readonly batch?: number;
      readonly kind: string;
      readonly path: string;
    }[];
    readonly best: GoldenNumber;
  };
}

export interface CsvCase {
  readonly note?: string;
  readonly params?: { readonly separator?: string; readonly append?: boolean };
  readonly int_keys?: readonly string[];
  readonly existing_bytes?: string;
  readonly runs: readonly (readonly (readonly [
    number,
    Readonly<Record<string, GoldenNumber | number[]>>,
  ])[])[];
  readonly expected_bytes: string;
}

export interface ScheduleCase {
  readonly initial_lr: number;
  readonly schedule: Readonly<Record<string, number | string | readonly number[]>>;
  readonly formula: string;
  readonly expected: readonly { readonly lr_during: number; readonly lr_logged: number }[];
}

/** Recorded trainings with the callbacks of Keras 3.15.1; see `about` in the file. */
export const golden = JSON.parse(
  readFileSync(new URL('fixtures/keras-callbacks.json', import.meta.url), 'utf8'),
) as {
  ReduceLROnPlateau: GoldenCase<readonly ReduceEpoch[]>[];
  ReduceLROnPlateau_float32_edge: GoldenCase<readonly ReduceEpoch[]>[];
  EarlyStopping: GoldenCase<StopExpected>[];
  EarlyStopping_float32_edge: GoldenCase<StopExpected>[];
  ModelCheckpoint: CheckpointCase[];
  CSVLogger: CsvCase[];
  ReduceLROnPlateau_then_CSVLogger: {
    readonly initial_lr: number;
    readonly params: { readonly factor: number; readonly patience: number };
    readonly loss: number;
    readonly val_loss: readonly number[];
    readonly expected_bytes: string;
  }[];
  LearningRateScheduler: ScheduleCase[];
  TerminateOnNaN: {
    readonly batch_losses: readonly (readonly GoldenNumber[])[];
    readonly expected: {
      readonly stopped: boolean;
      readonly at: { readonly epoch: number; readonly batch: number } | null;
      readonly batches_run: number;
    };
  }[];
};

export const numberOf = (value: GoldenNumber) => (value === null ? undefined : Number(value));

/** Logs as numbers; NaN and Infinity are strings in JSON. */
export const numbersOf = (logs: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(logs).map(([name, value]) => [
      name,
      /^(NaN|-?Infinity)$/.test(String(value)) ? Number(value) : value,
    ]),
  ) as Record<string, number>;

const camelCase = (params: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );

/** The options in camelCase. */
export const optionsOf = ({ monitor, params }: GoldenCase<unknown>) => ({ monitor, ...camelCase(params) });

export const checkpointOptionsOf = ({ filepath, ...params }: CheckpointCase['params']) => ({
  path: filepath as string,
  ...camelCase(params),
});

/** The only difference to Keras, where NaN becomes the best value and nothing is an improvement of it. */
export const startsWithNaN = ({ params, values }: GoldenCase<unknown>) =>
  values[Number(params.start_from_epoch ?? 0)] === 'NaN';
