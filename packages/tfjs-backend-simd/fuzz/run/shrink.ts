import type { Program } from '../program.js';
import { expectationOf } from './expected.js';
import { runProgram, useThreads, type Failure, type Setup } from './run-program.js';

interface Options {
  /** Stops after this time, with the smallest program so far. */
  readonly milliseconds: number;
  readonly now?: () => number;
}

/** A program that failed. */
export interface Found {
  readonly program: Program;
  readonly failure: Failure;
}

/** How a program fails; undefined if it is right. Throws RangeError if it is not valid. */
export type Check = (program: Program) => Promise<Failure | undefined>;

/** What makes two failures the same: their kind, and of errors the message without numbers. */
const signature = ({ kind, message }: Failure) =>
  kind === 'error' ? message.split('\n')[0].replace(/\d+/g, '#') : kind;

/** A check of one way to fail, with the threads and the convolution method of a failure. */
export function checkOf(failure: Failure): Check {
  const { kind, setup } = failure;
  return async (program) => {
    const expectation = expectationOf(program);
    const run = async (setup: Setup, other?: Awaited<ReturnType<typeof runProgram>>['readings']) => {
      await useThreads(setup.threads);
      return runProgram(program, expectation, setup, other);
    };
    const single = kind === 'threads' ? (await run({ ...setup, threads: 1 })).readings : undefined;
    const { failure: found } = await run(setup, single);
    return found && signature(found) === signature(failure) ? found : undefined;
  };
}

/** What `make` makes, if it is another program than `current`, is valid, and fails. */
async function failing(make: () => Program, current: Program, check: Check): Promise<Found | undefined> {
  try {
    const program = make();
    if (program.code === current.code) return undefined;
    const failure = await check(program);
    return failure && { program, failure };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Replaces a failing program by a smaller one that fails in the same way, again and again, until no smaller one does. After a
 * success it goes on with the next way to make the program smaller, and tries the first ones again at the end.
 */
export async function shrink(
  found: Found,
  check: Check,
  { milliseconds, now = Date.now }: Options,
): Promise<Found> {
  const end = now() + milliseconds;
  let smallest = found;
  let position = 0;
  for (let tried = 0; ;) {
    const candidates = [...smallest.program.smaller()];
    if (tried >= candidates.length || now() > end) return smallest;
    const smaller = await failing(candidates[position % candidates.length], smallest.program, check);
    if (smaller) {
      smallest = smaller;
      tried = 0;
    } else {
      position++;
      tried++;
    }
  }
}
