import { InputError, UNIT_RANGE, type ImageSet, type Preprocessing } from '@convlens/core';
import { resizeImage } from '@convlens/image-set/folder';
import type * as tf from '@tensorflow/tfjs';

/** A network from a file, and the test images as it is given them. */
export interface OpenedFile {
  readonly model: tf.LayersModel;
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
  readonly notes: readonly string[];
}

/** Opens a file of Keras. What reads it is loaded with the first one. */
export async function openFile(name: string, bytes: Uint8Array, shown: ImageSet): Promise<OpenedFile> {
  const { importKeras } = await import('@convlens/keras-import');
  const { model, notes, preprocessing } = await importKeras(bytes, { name });
  try {
    const images = imagesFor(model, shown, name);
    const scale = preprocessing
      ? []
      : ['It is given pixels from 0 to 1: its file does not say what it reads.'];
    return { model, images, preprocessing: preprocessing ?? UNIT_RANGE, notes: [...scale, ...notes] };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The images in the size and the colours that a model reads, with classes that are only numbers, for they are its own. */
function imagesFor({ inputs, outputs }: tf.LayersModel, shown: ImageSet, name: string): ImageSet {
  const [height, width, channels] = inputs[0].shape.slice(1).map((size, axis) => size ?? [32, 32, 3][axis]);
  const classes = outputs[0].shape[1];
  if (
    inputs.length > 1 ||
    outputs.length > 1 ||
    ![1, 3].includes(channels) ||
    outputs[0].shape.length !== 2 ||
    !classes
  )
    throw new InputError(
      `Expected ${name} to hold a network that reads one image, grey or of three colours, and puts out classes`,
    );
  const size = shown.height * shown.width * 3;
  const pixels = new Uint8Array(shown.count * height * width * channels);
  for (let i = 0; i < shown.count; i++) {
    const whole = shown.pixels.slice(i * size, (i + 1) * size) as Uint8Array;
    const image = resizeImage({ height: shown.height, width: shown.width, pixels: whole }, { height, width });
    const at = i * height * width * channels;
    if (channels === 3) pixels.set(image.pixels, at);
    else for (let p = 0; p < height * width; p++) pixels[at + p] = brightnessOf(image.pixels, 3 * p);
  }
  const classNames = Array.from({ length: classes }, (_, label) => `class ${label}`);
  return {
    kind: 'image-set',
    name: shown.name,
    pixels,
    count: shown.count,
    height,
    width,
    channels,
    classNames,
  };
}

const brightnessOf = (pixels: Uint8Array, at: number) =>
  0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
