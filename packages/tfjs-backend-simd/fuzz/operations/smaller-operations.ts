import { createdBy, type Instruction } from './instructions.js';

/** The tensors that an instruction reads. */
function usedBy(instruction: Instruction): readonly number[] {
  switch (instruction.kind) {
    case 'operation':
    case 'gradient':
      return instruction.inputs;
    case 'variable':
      return [instruction.input];
    case 'assign':
      return [instruction.variable, instruction.input];
    case 'update':
      return [instruction.variable];
    case 'read':
    case 'dispose':
      return [instruction.id];
    case 'tidy':
      return instruction.body.flatMap(usedBy);
    default:
      return [];
  }
}

/** Without the instructions at `dropped`, and those that need what these create. */
function without(instructions: readonly Instruction[], dropped: ReadonlySet<number>): Instruction[] {
  const missing = new Set<number>();
  return instructions.filter((instruction, i) => {
    const isDropped = dropped.has(i) || usedBy(instruction).some((id) => missing.has(id));
    if (isDropped) createdBy(instruction).forEach((id) => missing.add(id));
    return !isDropped;
  });
}

const indices = (start: number, end: number): Set<number> =>
  new Set(Array.from({ length: end - start }, (_, i) => start + i));

/** Each instruction that computes replaced by what `f` makes of it. */
const replacedAt = (
  instructions: readonly Instruction[],
  at: number,
  next: readonly Instruction[],
): Instruction[] => [...instructions.slice(0, at), ...next, ...instructions.slice(at + 1)];

/** Attributes that are closer to the simplest. */
function* simplerAttributes(attributes: unknown): Iterable<unknown> {
  if (attributes === null || typeof attributes !== 'object') return;
  for (const [key, value] of Object.entries(attributes)) {
    const simplest: unknown =
      key === 'activation'
        ? 'linear'
        : key === 'strides' || key === 'dilations'
          ? (value as number[]).map(() => 1)
          : key === 'pad'
            ? 'valid'
            : value === true
              ? false
              : value;
    if (JSON.stringify(simplest) !== JSON.stringify(value)) yield { ...attributes, [key]: simplest };
  }
}

/** A value with each number `from` in it replaced by `to`. */
function withNumber(value: unknown, from: number, to: number): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((entry) => withNumber(entry, from, to));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, withNumber(entry, from, to)]),
    );
  return value;
}

/** All dimensions of one size replaced by a smaller one, also in attributes. */
function resized(instructions: readonly Instruction[], from: number, to: number): Instruction[] {
  return instructions.map((instruction) => {
    if (instruction.kind === 'create')
      return { ...instruction, shape: withNumber(instruction.shape, from, to) as number[] };
    if (instruction.kind === 'tidy') return { ...instruction, body: resized(instruction.body, from, to) };
    return 'attributes' in instruction
      ? { ...instruction, attributes: withNumber(instruction.attributes, from, to) }
      : instruction;
  });
}

type ShapeOf = (
  id: number,
) => { readonly shape: readonly number[]; readonly dtype: 'float32' | 'int32' | 'bool' } | undefined;

/**
 * Programs that are simpler in one respect, those that drop most first. Some may not be valid. `shapeOf`: of tensors that an
 * operation creates.
 */
export function* smallerOperations(
  instructions: readonly Instruction[],
  shapeOf: ShapeOf,
): Iterable<Instruction[]> {
  const { length } = instructions;
  for (let size = length >> 1; size >= 1; size >>= 1)
    for (let start = 0; start < length; start += size)
      yield without(instructions, indices(start, Math.min(length, start + size)));
  for (const [i, instruction] of instructions.entries()) {
    if (instruction.kind === 'tidy') {
      yield replacedAt(instructions, i, instruction.body);
      for (let k = 0; k < instruction.body.length; k++) {
        const body = without(instruction.body, new Set([k]));
        const created = new Set(body.flatMap(createdBy));
        const next: Instruction = {
          ...instruction,
          body,
          keep: instruction.keep.filter((id) => created.has(id)),
        };
        yield replacedAt(instructions, i, [next]);
      }
    }
    if (instruction.kind === 'operation' || instruction.kind === 'gradient') {
      const created = instruction.outs.map((out): Instruction | undefined => {
        const known = shapeOf(out);
        if (!known) return undefined;
        const kind = known.dtype === 'float32' ? 'normal' : known.dtype === 'int32' ? 'integers' : 'booleans';
        return { kind: 'create', out, ...known, fill: { kind, seed: out } };
      });
      if (created.every((creation) => creation !== undefined)) yield replacedAt(instructions, i, created);
      if (instruction.kind === 'gradient' && instruction.sources.length > 1)
        for (let k = 0; k < instruction.sources.length; k++)
          yield replacedAt(instructions, i, [
            { ...instruction, sources: [instruction.sources[k]], outs: [instruction.outs[k]] },
          ]);
      for (const attributes of simplerAttributes(instruction.attributes))
        yield replacedAt(instructions, i, [{ ...instruction, attributes }]);
    }
    if (instruction.kind === 'create' && instruction.fill.kind === 'sparse')
      yield replacedAt(instructions, i, [{ ...instruction, fill: { ...instruction.fill, kind: 'normal' } }]);
    if (instruction.kind === 'create')
      for (let axis = 0; axis < instruction.shape.length; axis++)
        for (const size of [1, 2])
          if (size < instruction.shape[axis])
            yield replacedAt(instructions, i, [
              { ...instruction, shape: instruction.shape.map((old, k) => (k === axis ? size : old)) },
            ]);
  }
  const sizes = new Set(
    instructions
      .flatMap((instruction) => (instruction.kind === 'create' ? instruction.shape : []))
      .filter((size) => size > 1),
  );
  for (const size of [...sizes].sort((a, b) => b - a))
    for (const smaller of [1, 2, 3, 8, 16, size >> 1, size - 1])
      if (smaller > 0 && smaller < size) yield resized(instructions, size, smaller);
}
