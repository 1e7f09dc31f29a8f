import { expectOneOf } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { initializerSeed } from './initializer-seed.js';
import { completeOptions, type ModelOptions } from './model-options.js';

export interface ResnetOptions extends ModelOptions {
  /**
   * How a shortcut passes a change of size. 'pad' (default, option A of the paper): every second pixel, and zeros for the
   * new channels. 'projection' (option B): a 1x1 convolution with batch norm.
   */
  shortcut?: 'pad' | 'projection';
}

/** 20 weighted layers, 269,722 trainable parameters; 91.25% on CIFAR-10 in the paper. See `resnet32`, `resnet56`. */
export const resnet20 = (options: ResnetOptions = {}): tf.LayersModel => resnet(3, options);

/** 32 weighted layers, 464,154 trainable parameters; 92.49% on CIFAR-10 in the paper. */
export const resnet32 = (options: ResnetOptions = {}): tf.LayersModel => resnet(5, options);

/** 56 weighted layers, 853,018 trainable parameters; 93.03% on CIFAR-10 in the paper (0.85M). */
export const resnet56 = (options: ResnetOptions = {}): tf.LayersModel => resnet(9, options);

/**
 * The residual networks for CIFAR-10 of He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition (2015),
 * section 4.2: a 3x3 convolution, three stages of `blocks` residual blocks with 16, 32 and 64 filters, the last two
 * begun with stride 2, the mean of each map and a dense layer. Batch norm follows each convolution, which has no bias.
 * Layers: conv1, then conv2_1_1 (stage 2, block 1, first), bn2_1_1, relu2_1_1, conv2_1_2, bn2_1_2, add2_1, relu2_1_2 ...
 */
function resnet(blocks: number, { shortcut = 'pad', ...options }: ResnetOptions): tf.LayersModel {
  const { inputShape, classes, seed } = completeOptions(options, [32, 32, 3]);
  expectOneOf('shortcut', shortcut, ['pad', 'projection']);
  const weighted = (name: string) => ({
    name,
    kernelInitializer: tf.initializers.heNormal({ seed: initializerSeed(seed, name) }),
  });
  const apply = (layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]) =>
    layer.apply(inputs.length > 1 ? inputs : inputs[0]) as tf.SymbolicTensor;

  const convolution = (input: tf.SymbolicTensor, { id, ...shape }: Convolution) => {
    const kernel = { padding: 'same' as const, useBias: false, ...weighted(`conv${id}`), ...shape };
    return apply(tf.layers.batchNormalization({ name: `bn${id}` }), apply(tf.layers.conv2d(kernel), input));
  };
  const rectified = (input: tf.SymbolicTensor, id: string) =>
    apply(tf.layers.reLU({ name: `relu${id}` }), input);

  const passed = (input: tf.SymbolicTensor, { id, filters }: { id: string; filters: number }) => {
    if (shortcut === 'projection')
      return convolution(input, { id: `${id}_shortcut`, filters, kernelSize: 1, strides: 2 });
    const halved = apply(tf.layers.maxPooling2d({ name: `shortcut${id}`, poolSize: 1, strides: 2 }), input);
    // Zeros by stock layers alone, so that any TensorFlow.js can load the model. Each stage doubles the channels.
    const zeros = apply(tf.layers.rescaling({ name: `zeros${id}`, scale: 0, offset: 0 }), halved);
    return apply(tf.layers.concatenate({ name: `pad${id}` }), halved, zeros);
  };
  const block = (input: tf.SymbolicTensor, { id, filters, strides }: Omit<Convolution, 'kernelSize'>) => {
    const first = convolution(input, { id: `${id}_1`, filters, kernelSize: 3, strides });
    const second = convolution(rectified(first, `${id}_1`), { id: `${id}_2`, filters, kernelSize: 3 });
    const short = strides === 2 ? passed(input, { id, filters }) : input;
    return rectified(apply(tf.layers.add({ name: `add${id}` }), second, short), `${id}_2`);
  };

  const input = tf.input({ shape: inputShape, name: 'input' });
  let maps = rectified(convolution(input, { id: '1', filters: 16, kernelSize: 3 }), '1');
  for (const [stage, filters] of [
    [2, 16],
    [3, 32],
    [4, 64],
  ])
    for (let number = 1; number <= blocks; number++)
      maps = block(maps, { id: `${stage}_${number}`, filters, strides: stage > 2 && number === 1 ? 2 : 1 });
  const means = apply(tf.layers.globalAveragePooling2d({ name: 'pool' }), maps);
  const scores = apply(tf.layers.dense({ ...weighted('fc1'), units: classes, activation: 'softmax' }), means);
  return tf.model({ inputs: input, outputs: scores, name: `resnet${6 * blocks + 2}` });
}

interface Convolution {
  id: string;
  filters: number;
  kernelSize: number;
  strides?: number;
}
