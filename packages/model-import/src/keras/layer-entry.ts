import { escapeControls, InputError } from '@convlens/core';
import { isObject } from './json.js';
import { operationToLayer } from '../operations/operations.js';
import { functionToOperation } from '../operations/tensorflow-functions.js';

/** A layer, or a nested model, as a Keras file describes it. */
export interface LayerEntry {
  readonly className: string;
  /** The class in the file, if it is an operation: Keras saves no weights for one. */
  readonly operation?: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** The arguments of each call. */
  readonly inboundCalls: readonly unknown[];
  /** The input shape that the layer was built with, if the file has it. */
  readonly buildInputShape?: unknown;
}

/**
 * Reads the description of a layer. An operation on tensors becomes the layer that computes the same.
 *
 * @throws InputError if it is not a description of a layer
 */
export function parseLayerEntry(json: unknown, file: string): LayerEntry {
  const layer = isObject(json) ? operationToLayer(functionToOperation(json, file), file) : {};
  const config = withLegacyList(layer);
  const { class_name: className, inbound_nodes: calls, build_config: build } = layer;
  const name = isObject(config) ? (config.name ?? layer.name) : layer.name;
  const isClassName = typeof className === 'string' && className === escapeControls(className);
  if (!isClassName || !isObject(config) || typeof name !== 'string' || name === '')
    throw new InputError(
      `Expected the config in ${file} to describe layers by class_name, config and name, got ` +
        JSON.stringify(json)?.slice(0, 100),
    );
  return {
    className,
    ...(layer !== json && { operation: (json as { class_name: string }).class_name }),
    name,
    config,
    inboundCalls: Array.isArray(calls) ? calls : [],
    buildInputShape: isObject(build) ? build.input_shape : config.build_input_shape,
  };
}

/**
 * The config of a layer. In Keras 2.0 and 2.1 that of a Sequential is the list of its layers, without a name.
 */
function withLegacyList({ class_name: className, config, name }: Record<string, unknown>): unknown {
  if (className !== 'Sequential' || !Array.isArray(config)) return config;
  return { name: name ?? 'sequential', layers: config as unknown[] };
}
