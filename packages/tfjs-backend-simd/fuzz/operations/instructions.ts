import type { Fill } from '../fill.js';
import type { OptimizerName } from '../reference/optimizers.js';
import type { DType } from '../reference/values.js';

/** One step of a program. Tensors are numbered. */
export type Instruction =
  | {
      readonly kind: 'create';
      readonly out: number;
      readonly shape: readonly number[];
      readonly dtype: DType;
      readonly fill: Fill;
    }
  | {
      readonly kind: 'operation';
      readonly outs: readonly number[];
      readonly operation: string;
      readonly inputs: readonly number[];
      readonly attributes: unknown;
    }
  | {
      readonly kind: 'gradient';
      /** A gradient for each of `sources`. */
      readonly outs: readonly number[];
      readonly operation: string;
      readonly inputs: readonly number[];
      /** Positions in `inputs`. */
      readonly sources: readonly number[];
      readonly attributes: unknown;
      /** The seed of dy. */
      readonly seed: number;
    }
  | { readonly kind: 'variable'; readonly out: number; readonly input: number }
  | { readonly kind: 'assign'; readonly variable: number; readonly input: number }
  /** One step of an optimizer on sum(square(variable)), in place. */
  | {
      readonly kind: 'update';
      readonly variable: number;
      readonly optimizer: OptimizerName;
      readonly rate: number;
    }
  | { readonly kind: 'read'; readonly id: number }
  | { readonly kind: 'dispose'; readonly id: number }
  /** tf.tidy, which keeps the tensors of `keep`. */
  | { readonly kind: 'tidy'; readonly body: readonly Instruction[]; readonly keep: readonly number[] };

/** The tensors that an instruction creates for those that follow. */
export function createdBy(instruction: Instruction): readonly number[] {
  switch (instruction.kind) {
    case 'create':
    case 'variable':
      return [instruction.out];
    case 'operation':
    case 'gradient':
      return instruction.outs;
    case 'tidy':
      return instruction.keep;
    default:
      return [];
  }
}
