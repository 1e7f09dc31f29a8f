import { CONVOLUTION_METHODS } from '../../src/index.js';
import type { Program } from '../program.js';
import type { Actual } from './compare.js';
import { expectationOf, type Expectation } from './expected.js';
import { runProgram, useThreads, type Failure } from './run-program.js';
import type { Found } from './shrink.js';

/** How far a run is. */
export interface Progress {
  readonly programs: number;
  readonly graphs: number;
  /** The operations, layers and others that programs have used. */
  readonly features: ReadonlySet<string>;
}

interface FuzzRun {
  readonly programOf: (index: number) => Program;
  readonly threads: readonly number[];
  readonly isDone: (programs: number) => boolean;
  /** Called before anything is done with a program. */
  readonly onProgram?: (program: Program) => void;
}

interface Prepared {
  readonly program: Program;
  readonly expectation: Expectation;
  /** The readings with the first number of threads, by convolution method. */
  readonly readings: Map<string, readonly Actual[]>;
  isFailed: boolean;
}

/** The number of programs between two changes of the number of threads, which take tens of milliseconds. */
const BLOCK = 20;

const prepare = (program: Program): Prepared => ({
  program,
  expectation: expectationOf(program),
  readings: new Map(),
  isFailed: false,
});

/** Runs a program by each convolution method that matters, until one fails. */
async function runPrepared(
  { program, expectation, readings }: Prepared,
  threads: number,
): Promise<Failure | undefined> {
  const methods = expectation.usesWinograd ? CONVOLUTION_METHODS : CONVOLUTION_METHODS.slice(0, 1);
  for (const method of methods) {
    const outcome = await runProgram(program, expectation, { threads, method }, readings.get(method));
    if (!readings.has(method)) readings.set(method, outcome.readings);
    if (outcome.failure) return outcome.failure;
  }
  return undefined;
}

/**
 * Runs programs in blocks, each block with each number of threads, until `isDone`. Yields each failure, and the progress after
 * each block.
 */
export async function* fuzz({
  programOf,
  threads,
  isDone,
  onProgram = () => {},
}: FuzzRun): AsyncGenerator<Found | Progress> {
  const features = new Set<string>();
  let [programs, graphs] = [0, 0];
  while (!isDone(programs)) {
    const block: Prepared[] = [];
    while (block.length < BLOCK && !isDone(programs + block.length)) {
      const program = programOf(programs + block.length);
      onProgram(program);
      block.push(prepare(program));
    }
    for (const count of threads) {
      await useThreads(count);
      for (const prepared of block.filter(({ isFailed }) => !isFailed)) {
        onProgram(prepared.program);
        const failure = await runPrepared(prepared, count);
        prepared.isFailed = failure !== undefined;
        if (failure) yield { program: prepared.program, failure };
      }
    }
    programs += block.length;
    graphs += block.filter(({ program }) => program.kind === 'graph').length;
    block.forEach(({ program }) => program.features.forEach((feature) => features.add(feature)));
    yield { programs, graphs, features };
  }
}
