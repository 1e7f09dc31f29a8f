import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** Whether an error says that memory could not be allocated: of the simd backend, or of a typed array. */
const isOutOfMemory = (error: unknown): boolean => {
  const { name, message } = Object(error) as Partial<Error>;
  const isAllocation = /allocation failed|Invalid typed array length: \d/.test(String(message));
  return name === 'OutOfMemory' || (name === 'RangeError' && isAllocation);
};

/** The number of kernels that ran on the JavaScript heap because the memory of the backend was full; 0 on backends without one. */
const kernelsOnHeap = () => (tf.memory() as { kernelsOnHeap?: number }).kernelsOnHeap ?? 0;

/** Whether `work` runs out of memory, or computes on the JavaScript heap because the memory of the backend is full. */
async function exceedsMemory(work: () => Promise<unknown>): Promise<boolean> {
  const before = kernelsOnHeap();
  try {
    await work();
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    return true;
  }
  return kernelsOnHeap() > before;
}

/** "a step with 64 images fits: ...", found by halving. */
async function describeFitting(
  batchSize: number,
  step: (batchSize: number) => Promise<unknown>,
): Promise<string> {
  for (let size = Math.floor(batchSize / 2); size >= 1; size = Math.floor(size / 2))
    if (!(await exceedsMemory(() => step(size))))
      return `A batch size of ${size} fits: one step with ${size} images was tried, after halving ${batchSize}`;
  return 'Not even a step with 1 image fits: use a smaller model';
}

export interface MemoryGuard {
  readonly batchSize: number;
  /** Trains one step with a batch size on a model of its own. */
  readonly step: (batchSize: number) => Promise<unknown>;
  readonly onWarning: (message: string) => void;
  /** Whether the run is resumed: then it keeps its batch size. */
  readonly isResumed: boolean;
}

/**
 * Calls `work`. If it runs out of memory, smaller batches are tried, each a half of the one before, and the error names the first
 * that fits.
 *
 * @throws InputError that names a batch size.
 */
export async function namingFittingBatch<Result>(
  work: () => Promise<Result>,
  { batchSize, step, isResumed }: MemoryGuard,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    const fitting = await describeFitting(batchSize, step).catch(() => undefined);
    // A step that fails for another reason says nothing about its size.
    if (fitting === undefined) throw error;
    const newRun = isResumed ? '. A resumed run keeps its batch size: start a new one' : '';
    throw new InputError(
      `Out of memory in a step with batch size ${batchSize} (${(error as Error).message}). ${fitting}${newRun}`,
    );
  }
}

/** A callback that warns after the first step if operations ran on the JavaScript heap, because the memory was full. */
export function warnOfHeap({ batchSize, step, onWarning }: MemoryGuard): tf.CustomCallback {
  const before = kernelsOnHeap();
  let isDone = false;
  return new tf.CustomCallback({
    onBatchEnd: async () => {
      if (isDone) return;
      isDone = true;
      if (kernelsOnHeap() === before) return;
      const fitting = await describeFitting(batchSize, step);
      onWarning(
        `The memory of the backend is full: operations run on the JavaScript heap, slowly. ${fitting}.`,
      );
    },
  });
}
