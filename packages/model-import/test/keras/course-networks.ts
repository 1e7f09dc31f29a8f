import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as activations from '@convlens/activations';
import { defaultClassNames, IDENTITY, type Images } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { inputValues } from '../input-values.js';
import { unzip, type Sample } from '../reference.js';

/** An array by its sums and some values, see `summary` of make-course-networks.py. */
export interface Summary extends Sample {
  readonly sum: number;
  readonly magnitudes: number;
}

/** A network of make-course-networks.py, and what Keras computes with it. */
export interface CourseNetwork {
  /** What the inputs are multiplied by: 255 for a network that scales pixels itself. */
  readonly scale: number;
  readonly inputs: readonly (readonly number[])[];
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly outputs: readonly Summary[];
  /** By name, as `layerNames` of @convlens/activations has it. */
  readonly layers: Readonly<Record<string, Summary>>;
  /** Of unit 1 (or 0) of an output before its softmax or sigmoid, with respect to an image. */
  readonly gradients: readonly (Summary & { readonly output: number; readonly input: number })[];
  readonly parameters: number;
  readonly files: readonly string[];
}

/** The files of `make-course-networks.py full DIR`, where COURSE_NETWORKS is DIR; else the small ones. */
function readFiles(): { names: string[]; read: (name: string) => Uint8Array } {
  const folder = process.env.COURSE_NETWORKS;
  if (folder !== undefined)
    return { names: readdirSync(folder), read: (name) => new Uint8Array(readFileSync(join(folder, name))) };
  const files = unzip(
    readFileSync(fileURLToPath(new URL('../fixtures/course-networks.zip', import.meta.url))),
  );
  return { names: Object.keys(files), read: (name) => files[name] };
}

const { names: fileNames, read } = readFiles();

export const readCourseFile = read;

/** By name. */
export const courseNetworks: Readonly<Record<string, CourseNetwork>> = Object.fromEntries(
  fileNames
    .filter((name) => name.endsWith('.json') && !name.endsWith('.architecture.json'))
    .map((name) => [name.slice(0, -5), JSON.parse(new TextDecoder().decode(read(name)))]),
);

/**
 * The largest difference of values to those of Keras, relative to the largest magnitude, which is 1 for smaller ones if `floor`
 * is 1: of the values in the summary, and of the sums, which are relative to the sum of magnitudes.
 */
export function distance(values: ArrayLike<number>, expected: Summary, floor: number): number {
  const length = expected.shape.reduce((product, size) => product * size, 1);
  if (values.length !== length) return Infinity;
  const whole = expected.values.length === length;
  const scale = Math.max(floor, expected.max) || 1;
  let [sum, magnitudes] = [0, 0];
  for (let i = 0; i < length; i++) {
    sum += values[i];
    magnitudes += Math.abs(values[i]);
  }
  const differences = [
    ...expected.values.map((value, i) => (values[whole ? i : (i * 104729) % length] - value) / scale),
    (sum - expected.sum) / Math.max(expected.magnitudes, scale),
    (magnitudes - expected.magnitudes) / Math.max(expected.magnitudes, scale),
  ];
  return Math.max(
    ...differences.map((difference) => (Number.isNaN(difference) ? Infinity : Math.abs(difference))),
  );
}

const scaled = (values: Float32Array, scale: number) => values.map((value) => value * scale);

const inputOf = ({ inputs, scale }: CourseNetwork, k: number) => scaled(inputValues(inputs[k], k), scale);

/** The images of an input, and the tensors of the others by name. */
function imagesOf(network: CourseNetwork, model: tf.LayersModel, input: number) {
  const [count, height, width, channels = 1] = network.inputs[input];
  const images: Images = {
    name: 'hashed',
    pixels: inputOf(network, input),
    count,
    height,
    width,
    channels,
    classNames: defaultClassNames(10),
  };
  const others = network.inputs.flatMap((shape, k) =>
    k === input ? [] : [[model.inputNames[k], { values: inputOf(network, k), shape }] as const],
  );
  return { images, inputs: Object.fromEntries(others) };
}

/** A comparison with Keras: what is compared, and the largest relative difference. */
export interface Comparison {
  readonly part: 'predictions' | 'layers' | 'gradients';
  readonly title: string;
  readonly error: number;
}

function comparePredictions(network: CourseNetwork, model: tf.LayersModel): Comparison[] {
  return tf.tidy(() => {
    const inputs = network.inputs.map((shape, k) => tf.tensor(inputOf(network, k), [...shape]));
    const outputs = [model.predict(inputs.length > 1 ? inputs : inputs[0]) as tf.Tensor | tf.Tensor[]].flat();
    return network.outputs.map((expected, i) => ({
      part: 'predictions' as const,
      title: `output ${i}`,
      error: distance(outputs[i].dataSync(), expected, 1),
    }));
  });
}

/** The maps and units that depend on the images of an input; other layers are refused one at a time. */
async function outputsOfImages(
  network: CourseNetwork,
  model: tf.LayersModel,
  { input, layers }: { input: number; layers: string[] },
) {
  const { images, inputs } = imagesOf(network, model, input);
  const remaining = [...layers];
  for (;;)
    try {
      return await activations.layerOutputs(model, images, {
        layers: remaining,
        inputs,
        preprocessing: IDENTITY,
      });
    } catch (error) {
      const [, name] =
        /got (\S+)(?:, which depends on other inputs only| of shape)/.exec((error as Error).message) ?? [];
      if (name === undefined) throw error;
      remaining.splice(remaining.indexOf(name), 1);
    }
}

/** The values of each layer of a network, by name. */
async function outputsOfLayers(network: CourseNetwork, model: tf.LayersModel) {
  const values = new Map<string, ArrayLike<number>>();
  const known = activations.layerNames(model);
  const missing = () =>
    Object.keys(network.layers).filter((name) => known.includes(name) && !values.has(name));
  for (const [input, shape] of network.inputs.entries())
    if (shape.length === 4 && missing().length > 0)
      for (const record of await outputsOfImages(network, model, { input, layers: missing() }))
        values.set(record.layer, record.values);
  // Layers that see no image, or output something else than maps and units.
  for (const name of missing())
    tf.tidy(() => {
      const { output } = model.getLayer(name);
      const inputs = network.inputs.map((size, k) => tf.tensor(inputOf(network, k), [...size]));
      const layerModel = tf.model({ inputs: model.inputs, outputs: output });
      values.set(name, (layerModel.predict(inputs.length > 1 ? inputs : inputs[0]) as tf.Tensor).dataSync());
    });
  return values;
}

async function compareLayers(network: CourseNetwork, model: tf.LayersModel): Promise<Comparison[]> {
  const values = await outputsOfLayers(network, model);
  return Object.entries(network.layers).map(([name, expected]) => ({
    part: 'layers',
    title: name,
    error: distance(values.get(name) ?? [], expected, 1),
  }));
}

async function compareGradients(network: CourseNetwork, model: tf.LayersModel): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const { output, input, ...expected } of network.gradients) {
    const { images, inputs } = imagesOf(network, model, input);
    const options = { inputs, output, target: Math.min(1, network.outputs[output].shape[1] - 1) };
    const records = await activations.attributions(model, images, { ...options, preprocessing: IDENTITY });
    const values = records.flatMap((record) => [...record.values]);
    const title = `output ${output}, input ${input}`;
    comparisons.push({ part: 'gradients', title, error: distance(values, expected, 0) });
  }
  return comparisons;
}

/** Compares predictions, the outputs of every layer, and image gradients with those of Keras. */
export async function compareWithKeras(network: CourseNetwork, model: tf.LayersModel): Promise<Comparison[]> {
  return [
    ...comparePredictions(network, model),
    ...(await compareLayers(network, model)),
    ...(await compareGradients(network, model)),
  ];
}
