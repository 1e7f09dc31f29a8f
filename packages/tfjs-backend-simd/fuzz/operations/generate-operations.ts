import { isPendingOperation } from '../pending.js';
import type { Random } from '../random.js';
import { OPTIMIZERS } from '../reference/optimizers.js';
import { NO_ROUNDING } from '../reference/tape.js';
import type { Result, Values } from '../reference/values.js';
import { MAX_LARGE_VALUES, MAX_VALUES, TensorChooser, type Style } from './chooser.js';
import { createdBy, type Instruction } from './instructions.js';
import { Interpreter } from './interpreter.js';
import type { Known, OperationSpec } from './operation-spec.js';
import { OPERATIONS } from './specs/registry.js';

/** Larger results are not used further, so that programs stay away from the limits of float32. */
const MAX_ABSOLUTE = 1e4;

const WEIGHTED: readonly OperationSpec[] = [...OPERATIONS.values()].flatMap((spec) =>
  Array<OperationSpec>(spec.weight ?? 1).fill(spec),
);

/** Operations whose result backend simd computes when it is read. */
const DEFERRED = ['conv2d', 'conv2d', 'fused.conv2d', 'batchNorm'];
/** Operations that it fuses with these, or that share their values. */
const READERS = ['relu', 'relu6', 'batchNorm', 'clone', 'reshape', 'squeeze', 'add', 'slice'];

class OperationsGenerator {
  private interpreter = new Interpreter(NO_ROUNDING);
  /** The list that instructions are added to: the program, or the body of a tidy. */
  private instructions: Instruction[] = [];
  private nextId = 1;

  constructor(
    private readonly random: Random,
    private readonly style: Style,
  ) {}

  generate(): Instruction[] {
    const { random } = this;
    const length = random.between(3, this.style.isLarge ? 8 : 22);
    for (let i = 0; i < length; i++) this.addSomething();
    if (this.instructions.length === 0) this.addOperation(OPERATIONS.get('fill')!);
    // All that lives is read, and disposed of, in any order.
    for (const id of random.shuffled([...this.interpreter.entries.keys()])) {
      if (random.chance(0.85)) this.add({ kind: 'read', id });
      if (random.chance(0.5)) this.add({ kind: 'dispose', id });
    }
    return this.instructions;
  }

  private addSomething({ isInside = false } = {}): void {
    const { random } = this;
    if (!isInside && random.chance(0.06)) return this.addAliases();
    const roll = random.next();
    const variables = this.live().filter(({ isVariable }) => isVariable);
    if (roll < 0.58) this.addOperation(random.pick(WEIGHTED));
    else if (roll < 0.7) this.addGradient(random.pick(WEIGHTED));
    else if (roll < 0.75 && !isInside) this.addVariable();
    else if (roll < 0.8 && variables.length > 0) this.addAssign(random.pick(variables).id);
    else if (roll < 0.85 && variables.length > 0) this.addUpdate(random.pick(variables));
    else if (roll < 0.9) this.addRead();
    else if (roll < 0.95) this.addDispose();
    else if (!isInside) this.addTidy();
  }

  private live() {
    return [...this.interpreter.entries].map(([id, entry]) => ({ id, ...entry }));
  }

  private add(instruction: Instruction): void {
    this.interpreter.execute(instruction);
    this.instructions.push(instruction);
  }

  /** The inputs and attributes of an operation, and the instructions that create missing inputs. */
  private choose(spec: OperationSpec, preferred?: Known) {
    const { random, style } = this;
    const chooser = new TensorChooser({
      random,
      style,
      live: () => this.live(),
      nextId: () => this.nextId++,
      preferred,
    });
    const chosen = spec.choose(chooser);
    return chosen && { ...chosen, creations: chooser.creations };
  }

  /** Returns the first result; undefined if no inputs fit. */
  private addOperation(spec: OperationSpec, preferred?: Known): number | undefined {
    const { isSpecial } = this.style;
    if (isSpecial && spec.notSpecial) return undefined;
    const chosen = this.choose(spec, preferred);
    if (!chosen || isPendingOperation(spec.name, chosen, 'all')) return undefined;
    const { inputs, attributes, creations } = chosen;
    const results = this.evaluate(spec, inputs, attributes);
    if (!results?.every(({ value }) => this.isModerate(value))) return undefined;
    creations.forEach((creation) => this.add(creation));
    const outs = results.map(() => this.nextId++);
    this.add({
      kind: 'operation',
      outs,
      operation: spec.name,
      inputs: inputs.map(({ id }) => id),
      attributes,
    });
    return outs[0];
  }

  private addGradient(spec: OperationSpec): void {
    if (this.style.isSpecial) return;
    const chosen = this.choose(spec);
    if (!chosen || isPendingOperation(spec.name, chosen, 'gradient')) return;
    const { inputs, attributes, creations } = chosen;
    const results = this.evaluate(spec, inputs, attributes);
    if (results?.length !== 1 || !results[0].gradient || !this.isModerate(results[0].value)) return;
    const floats = inputs.map((_, i) => i).filter((i) => inputs[i].value.dtype === 'float32');
    const possible = spec.gradientOf ?? floats;
    const sources = this.random.chance(0.8) ? possible : possible.slice(0, 1);
    const isTwice = (source: number) => inputs.filter(({ id }) => id === inputs[source].id).length > 1;
    if (sources.length === 0 || sources.some(isTwice)) return;
    const dy: Values = { ...results[0].value, data: new Float64Array(results[0].value.data.length).fill(1) };
    const gradients = results[0].gradient(dy);
    if (!sources.every((source) => gradients[source] && this.isModerate(gradients[source].value))) return;
    creations.forEach((creation) => this.add(creation));
    const outs = sources.map(() => this.nextId++);
    this.add({
      kind: 'gradient',
      outs,
      operation: spec.name,
      inputs: inputs.map(({ id }) => id),
      sources,
      attributes,
      seed: this.random.seed(),
    });
  }

  private evaluate(
    spec: OperationSpec,
    inputs: readonly Known[],
    attributes: unknown,
  ): readonly Result[] | undefined {
    try {
      const values = inputs.map(({ value }) => value);
      return [spec.reference(values, attributes, NO_ROUNDING.branches)].flat() as Result[];
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  private isModerate({ data, dtype }: Values): boolean {
    if (data.length > (this.style.isLarge ? MAX_LARGE_VALUES : MAX_VALUES)) return false;
    const isUsual = (v: number) =>
      Math.abs(v) <= MAX_ABSOLUTE || (this.style.isSpecial && !(Math.abs(v) < Infinity));
    return dtype === 'float32' ? data.every(isUsual) : data.every((v) => Math.abs(v) <= MAX_ABSOLUTE);
  }

  /**
   * A result that backend simd may compute later, others that read it or share its values, and a variable made of it that is
   * changed in place before any of them is read.
   */
  private addAliases(): void {
    const { random } = this;
    const result = this.addOperation(OPERATIONS.get(random.pick(DEFERRED))!);
    if (result === undefined) return;
    const aliases = [result];
    for (let i = random.between(1, 3); i > 0; i--) {
      const id = random.pick(aliases);
      const reader = this.addOperation(OPERATIONS.get(random.pick(READERS))!, {
        id,
        ...this.interpreter.entry(id),
      });
      if (reader !== undefined) aliases.push(reader);
    }
    const variable = this.nextId++;
    this.add({ kind: 'variable', out: variable, input: random.pick(aliases) });
    for (const id of aliases) if (random.chance(0.3)) this.add({ kind: 'dispose', id });
    if (random.chance(0.8)) this.addUpdate({ id: variable, ...this.interpreter.entry(variable) });
    else this.addAssign(variable);
    for (const id of random.shuffled(aliases))
      if (this.interpreter.entries.has(id)) this.add({ kind: 'read', id });
  }

  private addVariable(): void {
    const { random } = this;
    const inputs = this.live().filter(({ isVariable }) => !isVariable);
    if (inputs.length === 0) return;
    this.add({ kind: 'variable', out: this.nextId++, input: random.pick(inputs).id });
  }

  private addAssign(variable: number): void {
    const { value } = this.interpreter.entry(variable);
    const fits = ({ value: other }: { value: Values }) =>
      other.shape.join() === value.shape.join() && other.dtype === value.dtype;
    const inputs = this.live().filter((entry) => entry.id !== variable && fits(entry));
    if (inputs.length > 0) this.add({ kind: 'assign', variable, input: this.random.pick(inputs).id });
  }

  private addUpdate({ id, value }: { id: number; value: Values }): void {
    const { random } = this;
    if (value.dtype !== 'float32') return;
    this.add({
      kind: 'update',
      variable: id,
      optimizer: random.pick(OPTIMIZERS),
      rate: random.pick([0.1, 0.4]),
    });
  }

  private addRead(): void {
    const live = this.live();
    if (live.length > 0) this.add({ kind: 'read', id: this.random.pick(live).id });
  }

  private addDispose(): void {
    const live = this.live();
    if (live.length > 1) this.add({ kind: 'dispose', id: this.random.pick(live).id });
  }

  private addTidy(): void {
    const { random, instructions, interpreter } = this;
    const body: Instruction[] = [];
    this.instructions = body;
    for (let i = random.between(1, 5); i > 0; i--) this.addSomething({ isInside: true });
    this.instructions = instructions;
    const created = body.flatMap(createdBy).filter((id) => interpreter.entries.has(id));
    const keep = created.filter(() => random.chance(0.5));
    for (const id of created) if (!keep.includes(id)) interpreter.entries.delete(id);
    if (body.length > 0) instructions.push({ kind: 'tidy', body, keep });
  }
}

export function generateOperations(random: Random): { instructions: Instruction[]; isSpecial: boolean } {
  const isSpecial = random.chance(0.15);
  const style = { isSpecial, hasZeroSizes: random.chance(0.25), isLarge: random.chance(0.06) };
  return { instructions: new OperationsGenerator(random, style).generate(), isSpecial };
}
