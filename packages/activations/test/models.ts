import * as tf from '@tensorflow/tfjs';
import { randomAt, normal, type Images } from '@convlens/core';

/** Sets all weights of a model to random values, which depend on their index only; variances are positive. */
export function randomize<Model extends tf.LayersModel>(model: Model, seed = 1): Model {
  const weights = model.weights.map(({ name, shape }, i) => {
    const random = randomAt(seed, i);
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape as number[]) }, () =>
      name.includes('variance') ? 0.5 + random() : 0.4 * normal(random),
    );
    return tf.tensor(values, shape as number[]);
  });
  model.setWeights(weights);
  tf.dispose(weights);
  return model;
}

/** Convolutions, batch normalization, ReLU, dropout, pooling and a dense layer, in a Sequential. */
export const sequentialModel = () =>
  randomize(
    tf.sequential({
      layers: [
        tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, inputShape: [8, 8, 3], padding: 'same' }),
        tf.layers.batchNormalization({ name: 'norm' }),
        tf.layers.reLU({ name: 'relu' }),
        tf.layers.dropout({ name: 'dropout', rate: 0.5 }),
        tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
        tf.layers.conv2d({ name: 'conv2', filters: 5, kernelSize: 3, activation: 'relu' }),
        tf.layers.flatten({ name: 'flatten' }),
        tf.layers.dense({ name: 'scores', units: 3, activation: 'softmax' }),
      ],
    }),
  );

/**
 * The same layers, the first four of them in a nested model. `begins` puts that model first in a Sequential.
 */
export function nestedModel({ begins = false } = {}) {
  const { layers } = sequentialModel();
  const rest = () => layers.slice(4).map((layer) => tf.layers[makerOf(layer)](layer.getConfig() as never));
  const features = () =>
    tf.sequential({
      name: 'features',
      layers: layers.slice(0, 4).map((layer, i) => {
        const config = { ...layer.getConfig(), ...(i === 0 && { inputShape: [8, 8, 3] }) };
        return tf.layers[makerOf(layer)](config as never);
      }),
    });
  if (begins) return randomize(tf.sequential({ layers: [features(), ...rest()] as tf.layers.Layer[] }));
  const input = tf.input({ shape: [8, 8, 3], name: 'image' });
  const output = [features(), ...rest()].reduce(
    (x, layer) => (layer as tf.layers.Layer).apply(x) as tf.SymbolicTensor,
    input as tf.SymbolicTensor,
  );
  return randomize(tf.model({ inputs: input, outputs: output }));
}

function makerOf(layer: tf.layers.Layer) {
  const makers = {
    Conv2D: 'conv2d',
    BatchNormalization: 'batchNormalization',
    ReLU: 'reLU',
    Dropout: 'dropout',
    MaxPooling2D: 'maxPooling2d',
    Flatten: 'flatten',
    Dense: 'dense',
  } as const;
  return makers[layer.getClassName() as keyof typeof makers];
}

/** A model that uses one convolution twice, before and after a residual sum. */
export function sharedModel() {
  const input = tf.input({ shape: [8, 8, 3], name: 'image' });
  const first = tf.layers.conv2d({ name: 'first', filters: 4, kernelSize: 3, padding: 'same' }).apply(input);
  const shared = tf.layers.conv2d({
    name: 'shared',
    filters: 4,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
  });
  const once = shared.apply(first);
  const merged = tf.layers.add({ name: 'merged' }).apply([first, once] as tf.SymbolicTensor[]);
  const twice = shared.apply(merged);
  const mean = tf.layers.globalAveragePooling2d({ name: 'mean' } as never).apply(twice);
  const output = tf.layers.dense({ name: 'scores', units: 3, activation: 'softmax' }).apply(mean);
  return randomize(tf.model({ inputs: input, outputs: output as tf.SymbolicTensor }));
}

/** A model of two images whose feature maps are concatenated. */
export function twoInputModel() {
  const inputs = ['left', 'right'].map((name) => tf.input({ shape: [8, 8, 3], name }));
  const convs = inputs.map((input, i) =>
    tf.layers.conv2d({ name: `conv${i}`, filters: 2, kernelSize: 3, activation: 'relu' }).apply(input),
  );
  const joined = tf.layers.concatenate({ name: 'joined' }).apply(convs as tf.SymbolicTensor[]);
  const flat = tf.layers.flatten({ name: 'flat' }).apply(joined);
  const output = tf.layers.dense({ name: 'scores', units: 3 }).apply(flat);
  return randomize(tf.model({ inputs, outputs: output as tf.SymbolicTensor }));
}

/** Random images of 8 x 8 x 3 in three classes, with the labels 0, 1, 2, 0, 1, ... */
export function randomImages(count: number, seed = 1): Images & { labels: Int32Array } {
  const random = randomAt(seed, 'images');
  return {
    name: 'noise',
    pixels: Uint8Array.from({ length: count * 8 * 8 * 3 }, () => Math.floor(256 * random())),
    labels: Int32Array.from({ length: count }, (_, i) => i % 3),
    count,
    height: 8,
    width: 8,
    channels: 3,
    classNames: ['cat', 'dog', 'frog'],
  };
}

/** Images `start` to `end` (not included) of a set. */
export function part(images: Images & { labels: Int32Array }, start: number, end: number) {
  const size = images.height * images.width * images.channels;
  return {
    ...images,
    pixels: images.pixels.slice(start * size, end * size),
    labels: images.labels.slice(start, end),
    count: end - start,
  };
}
