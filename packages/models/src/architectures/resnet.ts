import { expectOneOf, type OptionNames } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { initializerSeed } from '../layers/initializer-seed.js';
import { resolveModelOptions, type Architecture, type ModelOptions } from './model-options.js';

export const SHORTCUTS = ['pad', 'projection'] as const;
export type Shortcut = (typeof SHORTCUTS)[number];

export interface ResnetOptions extends ModelOptions {
  /**
   * The shortcut where the size changes. 'pad' (option A of the paper): every second pixel, and zeros for the
   * new channels. 'projection' (option B): a 1x1 convolution with batch norm. Default 'pad'.
   */
  shortcut?: Shortcut;
}

const OWN_OPTIONS: OptionNames<Omit<ResnetOptions, keyof ModelOptions>> = { shortcut: true };

// The type is written out: the inferred one would name a package that users do not install.
const architecture = <Id extends string>(
  id: Id,
  build: Architecture['build'],
): Architecture & { readonly id: Id } => ({
  id,
  inputShape: [32, 32, 3],
  classes: 10,
  options: OWN_OPTIONS,
  build,
});

export const RESNET20 = architecture('resnet20', resnet20);
export const RESNET32 = architecture('resnet32', resnet32);
export const RESNET56 = architecture('resnet56', resnet56);

/** 20 layers with weights, 269,722 trainable parameters; 91.25% on CIFAR-10 in the paper. */
export function resnet20(options: ResnetOptions = {}): tf.LayersModel {
  return buildResnet(RESNET20, 3, options);
}

/** 32 layers with weights, 464,154 trainable parameters; 92.49% on CIFAR-10 in the paper. */
export function resnet32(options: ResnetOptions = {}): tf.LayersModel {
  return buildResnet(RESNET32, 5, options);
}

/** 56 layers with weights, 853,018 trainable parameters; 93.03% on CIFAR-10 in the paper (0.85M). */
export function resnet56(options: ResnetOptions = {}): tf.LayersModel {
  return buildResnet(RESNET56, 9, options);
}

/**
 * The residual networks for CIFAR-10 of He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition
 * (2015), section 4.2: a 3x3 convolution, three stages of `blocks` residual blocks with 16, 32 and 64
 * filters, stride 2 at the begin of the second and third stage, global average pooling and a dense layer.
 * Batch norm follows each convolution, which has no bias. Layers: conv1, then conv2_1_1 (stage 2, block 1,
 * first), bn2_1_1, relu2_1_1, conv2_1_2, bn2_1_2, add2_1, relu2_1_2 ...
 */
function buildResnet(entry: Architecture, blocks: number, options: ResnetOptions): tf.LayersModel {
  const { inputShape, classes, seed } = resolveModelOptions(options, entry);
  const shortcut = expectOneOf('shortcut', options.shortcut ?? 'pad', SHORTCUTS);
  const { relu, convolution, residualBlock, initialized } = resnetLayers(seed, shortcut);

  const input = tf.input({ shape: inputShape, name: 'input' });
  let output = relu(convolution(input, { id: '1', filters: 16, kernelSize: 3 }), '1');
  for (const [stage, filters] of [
    [2, 16],
    [3, 32],
    [4, 64],
  ])
    for (let number = 1; number <= blocks; number++) {
      const strides = stage > 2 && number === 1 ? 2 : 1;
      output = residualBlock(output, { id: `${stage}_${number}`, filters, strides });
    }
  output = apply(tf.layers.globalAveragePooling2d({ name: 'pool' }), output);
  output = apply(tf.layers.dense({ ...initialized('fc1'), units: classes, activation: 'softmax' }), output);
  return tf.model({ inputs: input, outputs: output, name: entry.id });
}

const apply = (layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]) =>
  layer.apply(inputs.length > 1 ? inputs : inputs[0]) as tf.SymbolicTensor;

interface ConvolutionOptions {
  id: string;
  filters: number;
  kernelSize: number;
  strides?: number;
}

/** The parts of a residual network: functions that apply layers to a symbolic tensor. */
function resnetLayers(seed: number, shortcut: Shortcut) {
  const initialized = (name: string) => ({
    name,
    kernelInitializer: tf.initializers.heNormal({ seed: initializerSeed(seed, name) }),
  });
  const convolution = (input: tf.SymbolicTensor, { id, ...shape }: ConvolutionOptions) => {
    const config = { padding: 'same' as const, useBias: false, ...initialized(`conv${id}`), ...shape };
    return apply(tf.layers.batchNormalization({ name: `bn${id}` }), apply(tf.layers.conv2d(config), input));
  };
  const relu = (input: tf.SymbolicTensor, id: string) => apply(tf.layers.reLU({ name: `relu${id}` }), input);

  const applyShortcut = (input: tf.SymbolicTensor, { id, filters }: { id: string; filters: number }) => {
    if (shortcut === 'projection')
      return convolution(input, { id: `${id}_shortcut`, filters, kernelSize: 1, strides: 2 });
    const halved = apply(tf.layers.maxPooling2d({ name: `shortcut${id}`, poolSize: 1, strides: 2 }), input);
    // Zeros from layers of TensorFlow.js, so that plain TensorFlow.js loads the model. Each stage doubles the
    // channels.
    const zeros = apply(tf.layers.rescaling({ name: `zeros${id}`, scale: 0, offset: 0 }), halved);
    return apply(tf.layers.concatenate({ name: `pad${id}` }), halved, zeros);
  };
  const residualBlock = (
    input: tf.SymbolicTensor,
    { id, filters, strides }: Omit<ConvolutionOptions, 'kernelSize'>,
  ) => {
    const first = convolution(input, { id: `${id}_1`, filters, kernelSize: 3, strides });
    const second = convolution(relu(first, `${id}_1`), { id: `${id}_2`, filters, kernelSize: 3 });
    const skipped = strides === 2 ? applyShortcut(input, { id, filters }) : input;
    return relu(apply(tf.layers.add({ name: `add${id}` }), second, skipped), `${id}_2`);
  };
  return { initialized, convolution, relu, residualBlock };
}
