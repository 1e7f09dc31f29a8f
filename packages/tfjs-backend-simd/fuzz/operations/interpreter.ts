import { filled, type Reading } from '../program.js';
import { Optimizer } from '../reference/optimizers.js';
import type { Rounding } from '../reference/tape.js';
import {
  expect,
  mapValues,
  type Gradient,
  type Precision,
  type Result,
  type Values,
} from '../reference/values.js';
import type { Instruction } from './instructions.js';
import { OPERATIONS } from './specs/registry.js';

/** A live tensor. Values never change: what is changed in place gets new ones. */
export interface Entry {
  readonly value: Values;
  readonly precision: Precision;
  readonly spreadsNaN: boolean;
  readonly isVariable: boolean;
}

const LARGEST_FLOAT = 3.4028235677973366e38;
const ORDER: readonly Precision[] = ['exact', 'rounded', 'winograd'];
const leastExact = (precisions: readonly Precision[]): Precision =>
  ORDER[Math.max(0, ...precisions.map((precision) => ORDER.indexOf(precision)))];

/** Larger values are infinite in float32; whole numbers must fit into int32. */
function asStored(value: Values): Values {
  if (value.dtype === 'float32')
    return value.data.some((v) => Math.abs(v) > LARGEST_FLOAT)
      ? mapValues(value, (v) => (Math.abs(v) > LARGEST_FLOAT ? Math.sign(v) * Infinity : v))
      : value;
  expect(
    value.data.every((v) => Math.abs(v) < 2 ** 31),
    'An integer does not fit',
  );
  return value;
}

/** Executes programs on the reference. */
export class Interpreter {
  readonly entries = new Map<number, Entry>();
  readonly readings: Reading[] = [];

  constructor(private readonly rounding: Rounding) {}

  entry(id: number): Entry {
    const entry = this.entries.get(id);
    expect(entry !== undefined, `Tensor ${id} does not exist`);
    return entry;
  }

  execute(instruction: Instruction): void {
    switch (instruction.kind) {
      case 'create': {
        const { out, shape, dtype, fill } = instruction;
        this.set(out, {
          value: filled(shape, fill, dtype),
          precision: 'exact',
          spreadsNaN: false,
          isVariable: false,
        });
        return;
      }
      case 'operation':
        return this.operation(instruction);
      case 'gradient':
        return this.gradient(instruction);
      case 'variable':
        this.set(instruction.out, { ...this.entry(instruction.input), isVariable: true });
        return;
      case 'assign': {
        const [old, next] = [this.variable(instruction.variable), this.entry(instruction.input)];
        expect(old.value.shape.join() === next.value.shape.join(), 'A variable keeps its shape');
        expect(old.value.dtype === next.value.dtype, 'A variable keeps its dtype');
        this.entries.set(instruction.variable, { ...next, isVariable: true });
        return;
      }
      case 'update': {
        const { variable, optimizer, rate } = instruction;
        const entry = this.variable(variable);
        expect(entry.value.dtype === 'float32', 'An optimizer updates floats');
        const round = (value: Values) => this.rounding.round({ value, precision: 'rounded' });
        const gradient = round(mapValues(entry.value, (v) => 2 * v));
        const value = round(new Optimizer(optimizer, rate).step(0, entry.value, gradient));
        this.entries.set(variable, { ...entry, value, precision: leastExact([entry.precision, 'rounded']) });
        return;
      }
      case 'read': {
        const { value, precision, spreadsNaN } = this.entry(instruction.id);
        this.readings.push({ name: `t${instruction.id}`, value, precision, spreadsNaN });
        return;
      }
      case 'dispose':
        this.entry(instruction.id);
        this.entries.delete(instruction.id);
        return;
      case 'tidy':
        return this.tidy(instruction);
    }
  }

  private set(id: number, entry: Entry): void {
    expect(!this.entries.has(id), `Tensor ${id} exists already`);
    this.entries.set(id, { ...entry, value: asStored(entry.value) });
  }

  private variable(id: number): Entry {
    const entry = this.entry(id);
    expect(entry.isVariable, `Tensor ${id} is no variable`);
    return entry;
  }

  private operation({ outs, operation, inputs, attributes }: Instruction & { kind: 'operation' }): void {
    const spec = OPERATIONS.get(operation)!;
    const entries = inputs.map((id) => this.entry(id));
    const values = entries.map(({ value }) => value);
    const results = [spec.reference(values, attributes, this.rounding.branches)].flat() as Result[];
    expect(results.length === outs.length, 'Another number of results');
    results.forEach((result, i) =>
      this.set(outs[i], {
        value: this.rounding.round(result),
        precision: leastExact([result.precision, ...entries.map(({ precision }) => precision)]),
        spreadsNaN: Boolean(spec.spreadsNaN) || entries.some(({ spreadsNaN }) => spreadsNaN),
        isVariable: false,
      }),
    );
  }

  private gradient({
    outs,
    operation,
    inputs,
    sources,
    attributes,
    seed,
  }: Instruction & { kind: 'gradient' }): void {
    const spec = OPERATIONS.get(operation)!;
    const entries = inputs.map((id) => this.entry(id));
    const values = entries.map(({ value }) => value);
    const result = spec.reference(values, attributes, this.rounding.branches) as Result;
    expect(result.gradient !== undefined, 'An operation has no gradient');
    const dy = filled(result.value.shape, { kind: 'normal', seed });
    const gradients = result.gradient(dy);
    // TensorFlow.js takes two inputs that are one tensor as one, whose gradient is the sum.
    expect(
      sources.every((source) => inputs.filter((id) => id === inputs[source]).length === 1),
      'A source is two inputs',
    );
    sources.forEach((source, i) => {
      const gradient = gradients[source] as Gradient | undefined;
      expect(gradient !== undefined, 'An input has no gradient');
      this.set(outs[i], {
        value: this.rounding.round(gradient),
        precision: leastExact([gradient.precision, ...entries.map(({ precision }) => precision)]),
        spreadsNaN: false,
        isVariable: false,
      });
    });
  }

  private tidy({ body, keep }: Instruction & { kind: 'tidy' }): void {
    const before = new Set(this.entries.keys());
    body.forEach((instruction) => this.execute(instruction));
    for (const id of keep) expect(!before.has(id) && this.entries.has(id), 'A kept tensor does not exist');
    for (const id of [...this.entries.keys()])
      if (!before.has(id) && !keep.includes(id)) this.entries.delete(id);
  }
}
