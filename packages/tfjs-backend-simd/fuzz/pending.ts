import type { GraphNode } from './graphs/graph.js';
import type { Chosen } from './operations/operation-spec.js';

/**
 * Faults that are known and not mended yet: the fuzz leaves out what they affect. `all`: the layer is not used; `gradient`: graphs with it
 * are only predicted with.
 */
export interface Pending {
  readonly reason: string;
  readonly affects: 'all' | 'gradient';
  readonly appliesTo: (node: GraphNode, shape: readonly number[]) => boolean;
}

export const PENDING: readonly Pending[] = [
  {
    reason: 'a merge that takes one output twice loses it for the next reader',
    affects: 'all',
    appliesTo: ({ inputs }) => new Set(inputs).size < inputs.length,
  },
  {
    reason: 'padding `same` is negative in 3D where the stride is larger than the window',
    affects: 'all',
    appliesTo: ({ layer, options }) => {
      const sizes = (options.poolSize ?? options.kernelSize) as number[] | undefined;
      return layer.endsWith('3d') && (options.strides as number[]).some((stride, i) => stride > sizes![i]);
    },
  },
];

/** The same for operations. */
interface PendingOperation {
  readonly reason: string;
  readonly affects: 'all' | 'gradient';
  readonly appliesTo: (name: string, chosen: Chosen<Record<string, unknown>>) => boolean;
}

const PENDING_OPERATIONS: readonly PendingOperation[] = [
  {
    reason:
      'tf.fused with dilations refuses its gradient, with a clear message; the layers do not use it there',
    affects: 'gradient',
    appliesTo: (name, { attributes }) =>
      name.startsWith('fused.') &&
      ((attributes.dilations as number[] | undefined) ?? []).some((rate) => rate > 1),
  },
  {
    reason: 'padding `same` is negative in 3D where the stride is larger than the window',
    affects: 'all',
    appliesTo: (name, { inputs, attributes }) => {
      const sizes = (attributes.filterSizes ?? inputs[1]?.value.shape) as number[];
      return name.endsWith('3d') && (attributes.strides as number[]).some((stride, i) => stride > sizes[i]);
    },
  },
];

/** Why an operation is left out; undefined if it is not. */
export const pendingOperation = (
  name: string,
  chosen: Chosen<unknown>,
  use: 'all' | 'gradient',
): string | undefined =>
  PENDING_OPERATIONS.find(
    ({ affects, appliesTo }) =>
      (affects === 'all' || use === 'gradient') && appliesTo(name, chosen as Chosen<Record<string, unknown>>),
  )?.reason;
