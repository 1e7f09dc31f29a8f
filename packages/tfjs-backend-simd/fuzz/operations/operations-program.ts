import type { Program } from '../program.js';
import type { Random } from '../random.js';
import { NO_ROUNDING, type Rounding } from '../reference/tape.js';
import { expect } from '../reference/values.js';
import { generateOperations } from './generate-operations.js';
import type { Instruction } from './instructions.js';
import { Interpreter } from './interpreter.js';
import { operationsCode } from './operations-code.js';
import { smallerOperations } from './smaller-operations.js';

function featuresOf(instructions: readonly Instruction[]): string[] {
  return instructions.flatMap((instruction) => {
    if (instruction.kind === 'tidy') return ['tidy', ...featuresOf(instruction.body)];
    if (instruction.kind === 'operation') return [`tf.${instruction.operation}`];
    if (instruction.kind === 'gradient') return [`gradient of tf.${instruction.operation}`];
    return instruction.kind === 'update' ? [`update by ${instruction.optimizer}`] : [instruction.kind];
  });
}

function execute(instructions: readonly Instruction[], rounding: Rounding): Interpreter {
  const interpreter = new Interpreter(rounding);
  instructions.forEach((instruction) => interpreter.execute(instruction));
  return interpreter;
}

/** @throws RangeError if the instructions are not valid */
export function operationsProgram(
  instructions: readonly Instruction[],
  seed: number,
  isSpecial: boolean,
): Program {
  const interpreter = execute(instructions, NO_ROUNDING);
  expect(instructions.length > 0, 'A program has an instruction');
  return {
    kind: 'operations',
    seed,
    features: featuresOf(instructions),
    isSpecial,
    code: operationsCode(instructions, [...interpreter.entries.keys()]),
    readings: (rounding) => execute(instructions, rounding).readings,
    *smaller() {
      const shapeOf = shapesDuring(instructions);
      for (const smaller of smallerOperations(instructions, (id) => shapeOf.get(id)))
        yield () => operationsProgram(smaller, seed, isSpecial);
    },
  };
}

/** The shapes of all tensors, also of those that are disposed of. */
function shapesDuring(instructions: readonly Instruction[]) {
  const interpreter = new Interpreter(NO_ROUNDING);
  const shapes = new Map<number, { shape: readonly number[]; dtype: 'float32' | 'int32' | 'bool' }>();
  for (const instruction of instructions) {
    interpreter.execute(instruction);
    for (const [id, { value }] of interpreter.entries)
      shapes.set(id, { shape: value.shape, dtype: value.dtype });
  }
  return shapes;
}

export function randomOperationsProgram(random: Random, seed: number): Program {
  const { instructions, isSpecial } = generateOperations(random);
  return operationsProgram(instructions, seed, isSpecial);
}
