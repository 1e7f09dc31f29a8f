import type * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { findValue, nameOfValue } from '../model/find-layer.js';
import { expectDependsOnImages, leadsTo } from '../model/run-graph.js';
import type { ExplainBatch, ExplainSession } from './explain-session.js';

/** A layer that the target depends on. */
export interface UpstreamLayer {
  /** The value of its output in the graph. */
  readonly value: number;
  readonly name: string;
}

/**
 * Finds a layer by name or role.
 *
 * @throws InputError if there is no such layer or the target does not depend on it.
 */
export function findUpstreamLayer(
  { modelInput: { graph }, resolvedTarget, targetName }: ExplainSession,
  layer: string,
): UpstreamLayer {
  const value = findValue(graph, layer);
  const name = nameOfValue(graph, layer, value);
  expectDependsOnImages(graph, value, name);
  if (!leadsTo(graph, value, resolvedTarget.value))
    throw new InputError(
      `Expected layer to be one that the target depends on, got ${name} for the target ${targetName}`,
    );
  return { value, name };
}

/**
 * The feature maps of a layer for a batch, NHWC: a new tensor.
 *
 * @throws InputError if the layer outputs no maps.
 */
export function featureMapsOf({ outputOf }: ExplainBatch, { value, name }: UpstreamLayer): tf.Tensor4D {
  const maps = outputOf(value);
  if (maps.rank === 4) return maps as tf.Tensor4D;
  const size = maps.shape.slice(1);
  maps.dispose();
  throw new InputError(
    `Expected layer to output feature maps (height x width x channels), got ${name}, which outputs [${size}]`,
  );
}
