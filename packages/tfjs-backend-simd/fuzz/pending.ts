import type { GraphNode } from './graphs/graph.js';
import type { Chosen } from './operations/operation-spec.js';

/*
 * What the fuzz leaves out, and why: what TensorFlow.js itself does wrong on all backends, and what it refuses. A fault that is mended
 * is to be removed here.
 */

interface Pending<AffectedNode extends unknown[]> {
  readonly reason: string;
  /** `all`: not used; `gradient`: models with it are only predicted with, and operations are not differentiated. */
  readonly affects: 'all' | 'gradient';
  readonly appliesTo: (...subject: AffectedNode) => boolean;
}

const isLargerThan = (strides: unknown, sizes: readonly number[]) =>
  (strides as readonly number[]).some((stride, i) => stride > sizes[i]);

const NEGATIVE_PADDING =
  'TensorFlow.js: padding `same` is negative in 3D where the stride is larger than the window';

/** Layers: a node, and the shape of its output without the batch. */
const PENDING_LAYERS: readonly Pending<[node: GraphNode, shape: readonly number[]]>[] = [
  {
    reason: 'TensorFlow.js: a merge that takes one output twice loses it for the next layer that reads it',
    affects: 'all',
    appliesTo: ({ inputs }) => new Set(inputs).size < inputs.length,
  },
  {
    reason: NEGATIVE_PADDING,
    affects: 'all',
    appliesTo: ({ layer, options }) =>
      layer.endsWith('3d') &&
      isLargerThan(options.strides, (options.poolSize ?? options.kernelSize) as readonly number[]),
  },
  {
    reason: 'TensorFlow.js: batch norm along another axis than the last needs scale and offset in training',
    affects: 'gradient',
    appliesTo: ({ layer, options: { axis, center, scale } }, shape) =>
      layer === 'batchNormalization' && axis !== -1 && axis !== shape.length && !(center && scale),
  },
];

type AnyChosen = Chosen<Readonly<Record<string, unknown>>>;

/** Operations: the name, and the chosen inputs and attributes. */
const PENDING_OPERATIONS: readonly Pending<[name: string, chosen: AnyChosen]>[] = [
  {
    reason: 'TensorFlow.js refuses the gradient of tf.fused with dilations; layers do not use it there',
    affects: 'gradient',
    appliesTo: (name, { attributes: { dilations } }) =>
      name.startsWith('fused.') &&
      ((dilations as readonly number[] | undefined) ?? []).some((rate) => rate > 1),
  },
  {
    reason:
      'TensorFlow.js: the gradient of tf.fused.matMul with broadcast batches has the wrong shape, and throws',
    affects: 'gradient',
    appliesTo: (name, { inputs }) => {
      const batches = inputs.slice(0, 2).map(({ value }) => value.shape.slice(0, -2).join());
      return name === 'fused.matMul' && batches[0] !== batches[1];
    },
  },
  {
    reason: NEGATIVE_PADDING,
    affects: 'all',
    appliesTo: (name, { inputs, attributes }) =>
      name.endsWith('3d') &&
      isLargerThan(
        attributes.strides,
        (attributes.filterSizes ?? inputs[1].value.shape) as readonly number[],
      ),
  },
];

/** Whether a layer is left out; for `gradient`, whether models with it are. */
export const isPendingLayer = (node: GraphNode, shape: readonly number[], use: 'all' | 'gradient'): boolean =>
  PENDING_LAYERS.some(
    ({ affects, appliesTo }) => (affects === 'all' || use === 'gradient') && appliesTo(node, shape),
  );

/** Whether an operation is left out; for `gradient`, whether its gradient is. */
export const isPendingOperation = (name: string, chosen: Chosen<unknown>, use: 'all' | 'gradient'): boolean =>
  PENDING_OPERATIONS.some(
    ({ affects, appliesTo }) =>
      (affects === 'all' || use === 'gradient') && appliesTo(name, chosen as AnyChosen),
  );
