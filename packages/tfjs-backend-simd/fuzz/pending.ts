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

const isDilated = ({ options }: GraphNode) =>
  ((options.dilationRate as number[]) ?? []).some((rate) => rate > 1);

export const PENDING: readonly Pending[] = [
  {
    reason: 'the layer ignores dilationRate',
    affects: 'all',
    appliesTo: (node) => node.layer === 'depthwiseConv2d' && isDilated(node),
  },
  {
    reason: 'the gradient of a norm without scale or offset throws',
    affects: 'gradient',
    appliesTo: ({ layer, options }) =>
      ['batchNormalization', 'layerNormalization'].includes(layer) &&
      (options.scale === false || options.center === false),
  },
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
    reason: 'the gradient of batch norm without scale or offset throws',
    affects: 'gradient',
    appliesTo: (name, { attributes }) =>
      name === 'batchNorm' && !(attributes.hasScale && attributes.hasOffset),
  },
  {
    reason: 'the gradient of broadcasting to size 0 throws',
    affects: 'gradient',
    appliesTo: (_, { inputs }) =>
      inputs.some(({ value }) => value.data.length === 0) &&
      inputs.some(({ value }) => value.data.length > 0),
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
