import { ambiguousNames, completeTopology, InputError, namedWeights, ownLayers } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { buildFromTopology } from './build-from-topology.js';
import { valueCount } from './weight-files.js';

/** A model as model.json and weights.bin hold it. */
export interface ModelArtifacts {
  /** Of TensorFlow.js, complete (`completeTopology`). */
  readonly modelTopology: object;
  readonly weightSpecs: tf.io.WeightsManifestEntry[];
  readonly weightData: ArrayBuffer;
  /**
   * Whether weights are named by `namedWeights`, because two have the same name in the files of TensorFlow.js.
   * `tf.loadLayersModel` cannot read such a model.
   */
  readonly hasPathNames: boolean;
  /** What else TensorFlow.js writes to model.json. */
  readonly rest: object;
}

/**
 * A model as it is saved.
 *
 * @throws InputError if an option of a layer, or that two models share a layer, cannot be saved.
 */
export async function modelArtifacts(model: tf.LayersModel): Promise<ModelArtifacts> {
  expectOwnLayers(model);
  const { modelTopology, weightSpecs, weightData, ...rest } = await saveArtifacts(model);
  const topology = completeTopology(model, modelTopology as object);
  expectFiniteOptions(topology);
  const hasPathNames = ambiguousNames(model).length > 0;
  const names = new Map(namedWeights(model).map(({ name, weight }) => [weight, name]));
  const specs = weightSpecs!.map((spec, i) =>
    hasPathNames ? { ...spec, name: names.get(model.weights[i])! } : spec,
  );
  return {
    modelTopology: topology,
    weightSpecs: specs,
    weightData: weightData as ArrayBuffer,
    hasPathNames,
    rest,
  };
}

const saveArtifacts = (model: tf.LayersModel) =>
  new Promise<tf.io.ModelArtifacts>((resolve, reject) => {
    const handler = tf.io.withSaveHandler(async (artifacts) => {
      resolve(artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    });
    model.save(handler).catch(reject);
  });

/** TensorFlow.js saves a layer of two models twice, and loads two layers that train apart. */
function expectOwnLayers(model: tf.LayersModel): void {
  const shared = model.weights.find((weight, i) => model.weights.indexOf(weight) < i);
  if (shared)
    throw new InputError(
      `Expected a model whose layers belong to one model each, got the weight ${shared.originalName} in two` +
        ' models inside it, which would be loaded as two layers: apply one inner model twice instead',
    );
}

/** JSON has no NaN and no infinity: the option would be lost. */
function expectFiniteOptions(topology: object, path = ''): void {
  for (const [key, value] of Object.entries(topology)) {
    const name = path ? `${path}.${key}` : key;
    if (typeof value === 'object' && value !== null) expectFiniteOptions(value, name);
    // No maximum is an infinite one.
    else if (typeof value === 'number' && !Number.isFinite(value) && !(key === 'max_value' && value > 0))
      throw new InputError(`Expected options of layers that model.json can hold, got ${value} as ${name}`);
  }
}

/**
 * The model that artifacts describe, with weights equal to the saved ones bit for bit. The caller disposes it; its `dispose`
 * frees all weights. Nothing is left if it throws.
 *
 * @throws Error of TensorFlow.js or InputError if they do not describe a model.
 */
export function modelFromArtifacts({
  modelTopology,
  weightSpecs,
  weightData,
  hasPathNames,
}: Omit<ModelArtifacts, 'rest'>): tf.LayersModel {
  const specs = weightSpecs.filter(({ group }) => group !== 'optimizer');
  const saved = tf.io.decodeWeights(weightData, weightSpecs);
  try {
    const model = buildFromTopology(modelTopology, {
      savedValues: specs.reduce((sum, spec) => sum + valueCount(spec), 0),
      setWeights(built) {
        if (!hasPathNames)
          built.loadWeights(Object.fromEntries(specs.map(({ name }) => [name, saved[name]])));
        // TensorFlow.js writes weights through their constraints, which changes those of a step that followed.
        for (const { name, weight } of namedWeights(built)) {
          if (!hasPathNames && !hasConstraint(weight)) continue;
          const value = saved[hasPathNames ? name : weight.originalName];
          if (value) (weight.read() as tf.Variable).assign(value);
          else if (hasPathNames) throw new InputError(`Expected the weight ${name}, found none`);
        }
      },
    });
    ownLayers(model);
    return model;
  } finally {
    tf.dispose(saved);
  }
}

const hasConstraint = (weight: tf.LayerVariable) =>
  Boolean((weight as unknown as { constraint?: object | null }).constraint);
