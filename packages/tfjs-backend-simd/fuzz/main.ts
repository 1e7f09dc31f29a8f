import * as tf from '@tensorflow/tfjs';
import { setGuards } from '../src/index.js';
import { generateProgram } from './generate.js';
import { LAYERS } from './graphs/layers/registry.js';
import { OPERATIONS } from './operations/specs/registry.js';
import { parseOptions, USAGE, type FuzzOptions } from './options.js';
import type { Program } from './program.js';
import { programSeed } from './random.js';
import { fuzz, type Progress } from './run/fuzz.js';
import { script } from './run/print.js';
import { checkOf, shrink, type Found } from './run/shrink.js';
import { startWatchdog } from './run/watchdog.js';

const PROGRESS_SECONDS = 10;
const SHRINK_SECONDS = 60;

const start = Date.now();
const seconds = () => Math.round((Date.now() - start) / 1000);

function progressLine({ programs, graphs, features }: Progress): string {
  const isCovered = (name: string) => features.has(name);
  const all = [
    ...[...LAYERS.keys()].map((name) => `layer ${name}`),
    ...[...OPERATIONS.keys()].map((name) => `tf.${name}`),
  ];
  const covered = `${all.filter(isCovered).length} of ${all.length} layers and operations`;
  return `${programs} programs (${graphs} of layers), ${covered}, ${seconds()} s`;
}

/** Prints the smallest program that fails as this one does. */
async function report(found: Found, onProgram: (seed: number) => void): Promise<void> {
  console.log(
    `Program ${found.program.seed} fails: ${found.failure.message}\n\nA smaller program that fails in the same way:\n`,
  );
  const check = checkOf(found.failure);
  const { program, failure } = await shrink(
    found,
    (smaller) => {
      onProgram(found.program.seed);
      return check(smaller);
    },
    { milliseconds: SHRINK_SECONDS * 1000 },
  );
  console.log(script(program, failure));
  console.log(`\nAgain: npm run fuzz -- --program ${found.program.seed}\n`);
}

/** Returns the number of failures. */
async function main({ minutes, seed, threads, program, keepGoing }: FuzzOptions): Promise<number> {
  await tf.setBackend('simd');
  setGuards(true);
  const onProgram = startWatchdog();
  const isLate = () => Date.now() - start > minutes * 60_000;
  const run = {
    programOf: (index: number) => generateProgram(program ?? programSeed(seed, index)),
    threads,
    isDone: (programs: number) => (program === undefined ? isLate() : programs > 0),
    onProgram: (next: Program) => onProgram(next.seed),
  };
  let failures = 0;
  let progress: Progress = { programs: 0, graphs: 0, features: new Set() };
  let printed = 0;
  for await (const event of fuzz(run)) {
    if ('failure' in event) {
      failures++;
      await report(event, onProgram);
      if (!keepGoing) break;
      continue;
    }
    progress = event;
    if (seconds() - printed < PROGRESS_SECONDS) continue;
    printed = seconds();
    console.log(progressLine(event));
  }
  console.log(`fuzz, seed ${seed}: ${progressLine(progress)}, ${failures === 0 ? 'no' : failures} failures`);
  return failures;
}

/** The options, or the end of the process with a message. */
function optionsOf(args: readonly string[]): FuzzOptions {
  try {
    return parseOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return process.exit(2);
  }
}

const failures = await main(optionsOf(process.argv.slice(2)));
process.exit(failures === 0 ? 0 : 1);
