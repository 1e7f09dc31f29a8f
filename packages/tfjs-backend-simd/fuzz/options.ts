import { parseArgs } from 'node:util';

export interface FuzzOptions {
  /** The time after which no further program starts. Default 1. */
  readonly minutes: number;
  /** Determines all programs: program n of a seed is always the same. Default 1. */
  readonly seed: number;
  /** The numbers of threads that each program runs with. Default 1, 2 and 3. */
  readonly threads: readonly number[];
  /** The seed of one program to run alone, as a failure prints it. */
  readonly program?: number;
  /** Goes on after a failure, and prints all. Default false. */
  readonly keepGoing: boolean;
}

const OPTIONS = {
  minutes: { type: 'string' },
  seed: { type: 'string' },
  threads: { type: 'string' },
  program: { type: 'string' },
  'keep-going': { type: 'boolean' },
} as const;

export const USAGE = `npm run fuzz -- [options]

  --minutes N       the time after which no further program starts (default 1)
  --seed S          determines all programs (default 1)
  --threads 1,2,3   the numbers of threads that each program runs with
  --program SEED    runs one program, by the seed that a failure prints
  --keep-going      goes on after a failure`;

function numberOf(name: string, text: string, isValid: (value: number) => boolean, wanted: string): number {
  const value = Number(text);
  if (text.trim() === '' || !isValid(value))
    throw new RangeError(`Expected --${name} to be ${wanted}, got '${text}'`);
  return value;
}

const isSeed = (value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** 31;
const SEED = 'an integer from 0 to 2147483647';

/**
 * Reads the arguments of the command line.
 *
 * @throws RangeError if an option is unknown or not valid
 */
export function parseOptions(args: readonly string[]): FuzzOptions {
  let values: { minutes?: string; seed?: string; threads?: string; program?: string; 'keep-going'?: boolean };
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false }));
  } catch (error) {
    const names = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new RangeError(`${(error as Error).message.split('.')[0]}. Expected one of ${names.join(', ')}`);
  }
  const { minutes = '1', seed = '1', threads = '1,2,3', program } = values;
  return {
    minutes: numberOf('minutes', minutes, (value) => value > 0 && value < 1e4, 'a positive number'),
    seed: numberOf('seed', seed, isSeed, SEED),
    threads: threads
      .split(',')
      .map((count) =>
        numberOf('threads', count, (n) => Number.isInteger(n) && n >= 1 && n <= 64, 'integers from 1 to 64'),
      ),
    ...(program !== undefined && { program: numberOf('program', program, isSeed, SEED) }),
    keepGoing: values['keep-going'] ?? false,
  };
}
