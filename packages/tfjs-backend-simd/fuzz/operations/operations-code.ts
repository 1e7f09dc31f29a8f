import { fillCode } from '../fill.js';
import { optimizerCode } from '../reference/optimizers.js';
import type { Instruction } from './instructions.js';
import { OPERATIONS } from './specs/registry.js';

const name = (id: number) => `t${id}`;
const names = (ids: readonly number[]) => ids.map(name).join(', ');

/** Parameters of a function that is differentiated, so that one tensor may be two inputs. */
const parameter = (position: number) => 'abcdefgh'[position];

function instructionCode(instruction: Instruction): string[] {
  switch (instruction.kind) {
    case 'create': {
      const { out, shape, dtype, fill } = instruction;
      return [`const ${name(out)} = ${fillCode(fill, shape, dtype)};`];
    }
    case 'operation': {
      const { outs, operation, inputs, attributes } = instruction;
      const code = OPERATIONS.get(operation)!.code(inputs.map(name), attributes);
      // A list of results may have one entry.
      const isList = ['unstack', 'split'].includes(operation);
      return [`const ${isList ? `[${names(outs)}]` : name(outs[0])} = ${code};`];
    }
    case 'gradient': {
      const { outs, operation, inputs, sources, attributes, seed } = instruction;
      const args = inputs.map((id, i) => (sources.includes(i) ? parameter(i) : name(id)));
      const code = OPERATIONS.get(operation)!.code(args, attributes);
      const f = `(${sources.map(parameter).join(', ')}) => ${code}`;
      return [
        `const [${names(outs)}] = tf.tidy(() => {`,
        `  const f = ${f};`,
        `  const dy = (y) => tf.tensor(values('normal', ${seed}, y.size), y.shape);`,
        `  return tf.grads(f)([${names(sources.map((i) => inputs[i]))}], dy(f(${names(sources.map((i) => inputs[i]))})));`,
        '});',
      ];
    }
    case 'variable':
      return [`const ${name(instruction.out)} = tf.variable(${name(instruction.input)});`];
    case 'assign':
      return [`${name(instruction.variable)}.assign(${name(instruction.input)});`];
    case 'update': {
      const { variable, optimizer, rate } = instruction;
      const v = name(variable);
      const isMomentum = optimizer === 'momentum' || optimizer === 'nesterov';
      return [
        '{',
        `  const optimizer = ${optimizerCode(optimizer, rate)};`,
        `  optimizer.minimize(() => tf.sum(tf.square(${v})), false, [${v}]);`,
        // TensorFlow.js leaves the learning rate of momentum behind.
        `  optimizer.dispose();${isMomentum ? ' optimizer.c.dispose();' : ''}`,
        '}',
      ];
    }
    case 'read':
      return [`read('${name(instruction.id)}', ${name(instruction.id)});`];
    case 'dispose':
      return [`${name(instruction.id)}.dispose();`];
    case 'tidy':
      return [
        `${instruction.keep.length > 0 ? `const [${names(instruction.keep)}] = ` : ''}tf.tidy(() => {`,
        ...instruction.body.flatMap(instructionCode).map((line) => `  ${line}`),
        ...(instruction.keep.length > 0 ? [`  return [${names(instruction.keep)}];`] : []),
        '});',
      ];
  }
}

/** The program as JavaScript; `live` are the tensors that it has not disposed of. */
export const operationsCode = (instructions: readonly Instruction[], live: readonly number[]): string =>
  [
    ...instructions.flatMap(instructionCode),
    ...(live.length > 0 ? [`tf.dispose([${names(live)}]);`] : []),
  ].join('\n');
