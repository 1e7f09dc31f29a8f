import {
  expectObject,
  expectModel,
  expectOptions,
  freezeAsDescribed,
  InputError,
  UNIT_RANGE,
  type OptionNames,
  type Preprocessing,
} from '@convlens/core';
import { expectStore, expectReader, expectSchema, type BlobReader, type BlobStore } from '@convlens/storage';
import type * as tf from '@tensorflow/tfjs';
import type * as v from 'valibot';
import { completeBatchNorms } from '../layers/complete-batch-norms.js';
import {
  expectRegisteredLayers,
  layerTopology,
  registerLayerClasses,
  unknownLayers,
  type LayerClass,
} from './layer-classes.js';
import { modelArtifacts, modelFromArtifacts, type ModelArtifacts } from './model-artifacts.js';
import { expectComputable } from './model-graph.js';
import { expectKeras2, expectLayers, withoutModelName } from './keras-topology.js';
import { readModelFiles, writeModelFiles } from './model-files.js';
import { MODEL_FILE, savedMetadata, type WeightGroup } from './model-json.js';
import { weightsChecksum, WEIGHTS_FILE } from './weight-files.js';

/**
 * The part of a model folder that TensorFlow.js does not store: how to make inputs and how to read outputs.
 */
export interface ModelMetadata {
  preprocessing: Preprocessing;
  classNames: readonly string[];
}

const MODEL_METADATA: OptionNames<ModelMetadata> = { preprocessing: true, classNames: true };

export interface LoadedModel extends Partial<ModelMetadata> {
  /** The caller disposes it. */
  model: tf.LayersModel;
  preprocessing: Preprocessing;
}

export interface LoadModelOptions {
  /**
   * The caller's layer classes, each with a static `className`; they stay registered with TensorFlow.js.
   * Default none.
   */
  customLayers?: readonly LayerClass[];
}

const LOAD_MODEL_OPTIONS: OptionNames<LoadModelOptions> = { customLayers: true };

/**
 * Writes a model in the TensorFlow.js layers format, which plain tf.loadLayersModel reads, unless weights of
 * models inside the model have equal names: such a model only `loadModel` reads.
 *
 * If the process is killed, `loadModel` reads the model before or the new one: weights that replace others are also
 * in weights.new.bin until weights.bin and model.json are written.
 *
 * What is written can be read: a model that could not be loaded is refused. The classes of its layers that are
 * not registered with TensorFlow.js cannot be tried.
 *
 * @throws InputError if `metadata` has an unknown field, or if the model cannot be saved.
 */
export async function saveModel(
  model: tf.LayersModel,
  store: BlobStore,
  metadata: ModelMetadata,
): Promise<void> {
  expectOptions('saveModel', metadata, MODEL_METADATA);
  expectModel('model', model);
  expectStore('store', store);
  expectObject('metadata', metadata);
  expectSchema(metadata, savedMetadata(), 'the metadata of the model');
  const { preprocessing, classNames } = metadata;
  expectNamesOfOutput(model, classNames);
  const artifacts = await modelArtifacts(model);
  expectLoadable(artifacts);
  const { modelTopology, weightSpecs, weightData, hasPathNames, rest } = artifacts;
  const convlens: v.InferInput<ReturnType<typeof savedMetadata>> = {
    preprocessing,
    classNames,
    ...(hasPathNames && { hasPathNames }),
  };
  const weights = new Uint8Array(weightData);
  const json = {
    ...rest,
    modelTopology,
    userDefinedMetadata: { ...(rest as Partial<tf.io.ModelJSON>).userDefinedMetadata, convlens },
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs, crc32: weightsChecksum(weights) }],
  };
  await writeModelFiles(store, weights, new TextEncoder().encode(JSON.stringify(json)));
}

/** Throws an InputError if the names of classes are not those of the only output. One unit has up to two classes. */
function expectNamesOfOutput({ outputs }: tf.LayersModel, classNames: readonly string[]): void {
  const shape = outputs[0]!.shape;
  const units = shape.length === 2 && outputs.length === 1 ? shape[1] : undefined;
  const count = classNames.length;
  if (!units || count === 0 || count === units || (units === 1 && count === 2)) return;
  const expected = units === 1 ? 'one or two names' : `${units} names`;
  throw new InputError(
    `Expected classNames to be ${expected}, as the model has ${units} output ${units === 1 ? 'unit' : 'units'}, got ${count}`,
  );
}

function expectLoadable(artifacts: ModelArtifacts): void {
  const { modelTopology } = artifacts;
  if (unknownLayers(modelTopology).length > 0) return;
  try {
    modelFromArtifacts(artifacts).dispose();
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new InputError(
      `Expected a model that TensorFlow.js can load again, got one whose loading fails: ${reason}` +
        ' (a layer class of your own needs a complete getConfig)',
    );
  }
}

/**
 * Reads a model in the TensorFlow.js layers format. Without metadata of `saveModel` the preprocessing is
 * UNIT_RANGE and classNames is undefined.
 *
 * @throws InputError if there is no model, its weights are incomplete or damaged (their CRC-32 is in model.json), a path
 * leads out of the folder, or the class of a layer is unknown. No tensor is left then.
 */
export async function loadModel(store: BlobReader, options: LoadModelOptions = {}): Promise<LoadedModel> {
  expectOptions('loadModel', options, LOAD_MODEL_OPTIONS);
  expectReader('store', store);
  registerLayerClasses(options.customLayers ?? []);
  const location = `${store.location}/${MODEL_FILE}`;
  const { modelJson, weightData } = await readModelFiles(store, ({ modelTopology }) => {
    expectLayers(modelTopology, location);
    expectKeras2(modelTopology, location);
    expectRegisteredLayers(modelTopology, location);
    expectComputable(layerTopology(modelTopology), location);
  });
  const { modelTopology, weightsManifest, userDefinedMetadata } = modelJson;
  const metadata = userDefinedMetadata?.convlens;
  const { hasPathNames = false } = metadata ?? {};
  const savedSpecs = specsOf(weightsManifest);
  const weightSpecs = hasPathNames ? savedSpecs : withoutModelName(savedSpecs, layerTopology(modelTopology));
  const model = describedModel({ modelTopology, weightSpecs, weightData, hasPathNames }, location);
  return { model, preprocessing: metadata?.preprocessing ?? UNIT_RANGE, classNames: metadata?.classNames };
}

const specsOf = (manifest: readonly WeightGroup[]) =>
  manifest.flatMap(({ weights }) => weights) as tf.io.WeightsManifestEntry[];

/**
 * The content of model.json and of its weight files, for `importTfjs` of @convlens/model-import, which opens what the
 * converter of TensorFlow.js makes of models of Keras 3, and for `importGraphModel`: `signature` names the outputs of a graph.
 *
 * @throws InputError if there is no model, or its weights are incomplete or damaged.
 */
export async function readModelArtifacts(
  store: BlobReader,
): Promise<Pick<ModelArtifacts, 'modelTopology' | 'weightSpecs' | 'weightData'> & { signature?: object }> {
  expectReader('store', store);
  const { modelJson, weightData } = await readModelFiles(store, () => {});
  const { modelTopology, weightsManifest } = modelJson;
  const signature = modelJson.signature ?? modelJson.userDefinedMetadata?.signature ?? undefined;
  return {
    modelTopology,
    weightSpecs: specsOf(weightsManifest),
    weightData,
    ...(signature && { signature }),
  };
}

/** The model of artifacts, ready to be trained. Throws an InputError if they do not describe one. */
function describedModel(artifacts: Omit<ModelArtifacts, 'rest'>, location: string): tf.LayersModel {
  let model: tf.LayersModel | undefined;
  try {
    model = modelFromArtifacts(artifacts);
    completeBatchNorms(model);
    freezeAsDescribed(model, layerTopology(artifacts.modelTopology));
    return model;
  } catch (error) {
    model?.dispose();
    throw new InputError(`Expected ${location} to describe a layers model: ${(error as Error).message}`);
  }
}
