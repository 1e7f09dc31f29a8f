import { expectObject, expectString } from '../guards/values.js';
import { innerLayers } from './named-weights.js';

/** A layer or a model in model.json of TensorFlow.js. */
export interface LayerTopology {
  readonly class_name?: unknown;
  readonly name?: unknown;
  readonly config?: unknown;
}

/** What is read of a layer or a model of TensorFlow.js. */
export interface DescribedLayer {
  readonly name: string;
  readonly trainable: boolean;
}

interface Serializable {
  getClassName(): string;
  getConfig(): Record<string, unknown>;
}

type Config = Record<string, unknown>;

/**
 * The options of classes of TensorFlow.js 4.22 that their `getConfig` leaves out, by the field of the layer.
 * SeparableConv2D: tensorflow/tfjs#1149. DepthwiseConv2D has its regularizer in the place of its constraint.
 */
const LEFT_OUT: Readonly<Record<string, (layer: object) => Config>> = {
  SeparableConv2D: (layer) => ({
    depth_multiplier: (layer as { depthMultiplier: number }).depthMultiplier,
  }),
  DepthwiseConv2D: (layer) => ({
    depthwise_constraint: serialize((layer as { depthwiseConstraint?: Serializable }).depthwiseConstraint),
  }),
};

const serialize = (value: Serializable | null | undefined) =>
  value ? { class_name: value.getClassName(), config: snakeCaseKeys(value.getConfig()) } : null;

const snakeCaseKeys = (config: Config): Config =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );

/**
 * The topology that TensorFlow.js makes of a model (`toJSON`, `save`), with the options that it leaves out at any
 * depth: `depth_multiplier` of separable convolutions, `depthwise_constraint`, and `trainable: false` of a frozen
 * model inside the model.
 */
export function completeTopology<Topology extends object>(
  model: DescribedLayer,
  topology: Topology,
): Topology {
  expectObject('model', model);
  expectString('model.name', model.name);
  expectObject('topology', topology);
  expectObject('topology.config', (topology as LayerTopology).config);
  return completeLayer(model, topology as LayerTopology) as Topology;
}

function completeLayer(layer: DescribedLayer, topology: LayerTopology): LayerTopology {
  const inner = innerLayers(layer);
  const config = topology.config as Config;
  const { layer: wrapped } = config;
  if (Array.isArray(config.layers)) {
    const layers = (config.layers as LayerTopology[]).map((described) => {
      const { name } = described.config as Config;
      const found = inner.find((candidate) => candidate.name === name);
      return found ? completeLayer(found, described) : described;
    });
    return { ...topology, config: { ...config, layers, ...(layer.trainable ? {} : { trainable: false }) } };
  }
  const leftOut = LEFT_OUT[String(topology.class_name)]?.(layer) ?? {};
  const isWrapper = inner.length === 1 && wrapped !== undefined;
  const layerConfig = isWrapper ? { layer: completeLayer(inner[0], wrapped as LayerTopology) } : {};
  return { ...topology, config: { ...config, ...leftOut, ...layerConfig } };
}

/** Freezes the models inside a model, and the model, that a topology describes as frozen. */
export function freezeAsDescribed(
  model: { readonly name: string; trainable: boolean },
  topology: LayerTopology,
): void {
  expectObject('model', model);
  expectObject('topology', topology);
  const { layers, layer, trainable } = (topology.config ?? {}) as Config;
  const described = Array.isArray(layers)
    ? (layers as LayerTopology[])
    : layer
      ? [layer as LayerTopology]
      : [];
  for (const one of described) {
    const { name } = (one.config ?? {}) as Config;
    const inner = innerLayers(model).find((candidate) => candidate.name === name);
    if (inner) freezeAsDescribed(inner, one);
  }
  if (Array.isArray(layers) && trainable === false) model.trainable = false;
}
