import type * as tf from '@tensorflow/tfjs';
import { expectInteger, type FeatureMaps, type Images } from '@convlens/core';
import { observe, type Observer } from './observe.js';
import { indexOf, type ReadOptions } from '../model/subject.js';

/** Keeps what a layer puts out for all images. */
export function observeFeatureMaps({ layer = 'last-conv' } = {}): Observer<FeatureMaps> {
  return {
    layers: [layer],
    begin({ images, ...observed }) {
      const { name, height, width, channels } = observed.layer(layer);
      const size = height * width * channels;
      const values = new Float32Array(images.count * size);
      return {
        async add(batch) {
          values.set(await batch.values(layer), batch.start * size);
        },
        finish: () => ({
          layer: name,
          indices: Array.from({ length: images.count }, (_, i) => observed.indexOf(i)),
          count: images.count,
          height,
          width,
          channels,
          values,
        }),
      };
    },
  };
}

/** The images at some positions, of which one may come twice; they remember where they stood. */
function pickImages(images: Images, positions: readonly number[]): Images & { indices: number[] } {
  const size = images.height * images.width * images.channels;
  const length = positions.length * size;
  const pixels = images.pixels instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  positions.forEach((position, i) => {
    expectInteger('indices', position, { max: images.count - 1 });
    pixels.set(images.pixels.subarray(position * size, (position + 1) * size), i * size);
  });
  const labels = images.labels && Int32Array.from(positions, (position) => images.labels![position]);
  const indices = positions.map((position) => indexOf(images, position));
  return { ...images, pixels, labels, count: positions.length, indices };
}

/** The rows at some positions of what a model's other inputs read. */
const pickInputs = (
  inputs: ReadOptions['inputs'] = {},
  positions: readonly number[],
): ReadOptions['inputs'] =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { values, shape }]) => {
      const [rows, ...size] = shape;
      const length = size.reduce((a, b) => a * b, 1);
      const row = (position: number) => Array.from({ length }, (_, i) => values[position * length + i]);
      const picked = { values: positions.flatMap(row), shape: [positions.length, ...size] };
      return [name, rows === 1 ? { values, shape } : picked];
    }),
  );

export interface LayerOutputsOptions extends ReadOptions {
  /** The layers, by name or role. */
  layers: readonly string[];
  /** The positions of the images to look at; default all of them. Their maps are held in memory. */
  indices?: readonly number[];
}

/** What some layers put out for some images, one record a layer, from one run of the model. */
export async function layerOutputs(
  model: tf.LayersModel,
  images: Images,
  { layers, indices, ...options }: LayerOutputsOptions,
): Promise<FeatureMaps[]> {
  const picked = indices && { ...options, inputs: pickInputs(options.inputs, indices) };
  return observe(model, indices ? pickImages(images, indices) : images, {
    ...(picked ?? options),
    observers: layers.map((layer) => observeFeatureMaps({ layer })),
  });
}

export interface FeatureMapsOptions extends Omit<LayerOutputsOptions, 'layers'> {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
}

/** What a layer puts out for some images. */
export async function featureMaps(
  model: tf.LayersModel,
  images: Images,
  { layer = 'last-conv', ...options }: FeatureMapsOptions = {},
): Promise<FeatureMaps> {
  const [maps] = await layerOutputs(model, images, { ...options, layers: [layer] });
  return maps;
}
