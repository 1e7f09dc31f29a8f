import type { Program } from '../program.js';
import { expectationOf } from './expected.js';
import { runProgram, setThreadsCount, type Failure, type Setup } from './run-program.js';

interface Options {
  /** Stops after this time, with the smallest program so far. */
  readonly milliseconds: number;
  readonly now?: () => number;
}

/** Whether and how a program fails; undefined if it is right or not valid. */
export type Check = (program: Program) => Promise<Failure | undefined>;

/** What makes two failures the same: their kind, and of errors the message without numbers. */
const signature = ({ kind, message }: Failure) =>
  kind === 'error' ? message.split('\n')[0].replace(/\d+/g, '#') : kind;

/** A check of one way to fail, with the threads and the convolution method of a failure. */
export function checkOf(failure: Failure): Check {
  const { kind, setup } = failure;
  return async (program) => {
    try {
      const expectation = expectationOf(program);
      const run = async (setup: Setup, other?: Awaited<ReturnType<typeof runProgram>>['readings']) => {
        await setThreadsCount(setup.threads);
        return runProgram(program, expectation, setup, other);
      };
      const single = kind === 'threads' ? (await run({ ...setup, threads: 1 })).readings : undefined;
      const { failure: found } = await run(setup, single);
      return found && signature(found) === signature(failure) ? found : undefined;
    } catch (error) {
      // The reference refuses a program that is not valid.
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  };
}

/** Replaces a failing program by a smaller one that fails in the same way, again and again, while there is one. */
export async function shrink<T extends { program: Program; failure: Failure }>(
  { program, failure }: T,
  check: Check,
  { milliseconds, now = Date.now }: Options,
): Promise<{ program: Program; failure: Failure }> {
  const end = now() + milliseconds;
  let smallest = { program, failure };
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const candidate of smallest.program.smaller()) {
      if (now() > end) return smallest;
      const found = await check(candidate);
      if (!found) continue;
      smallest = { program: candidate, failure: found };
      isSmaller = true;
      break;
    }
  }
  return smallest;
}
