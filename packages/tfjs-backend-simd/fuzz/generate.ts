import { randomOperationsProgram } from './operations/operations-program.js';
import { randomGraphProgram } from './graphs/graph-program.js';
import type { Program } from './program.js';
import { Random } from './random.js';

/** The program of a seed. */
export function generateProgram(seed: number): Program {
  const random = new Random(seed);
  return random.chance(0.35) ? randomGraphProgram(random, seed) : randomOperationsProgram(random, seed);
}
