import * as tf from '@tensorflow/tfjs';
import { golden } from './golden-model.js';

/** The class names that tensorflowjs_converter writes. */
const CLASSES: Record<string, string> = {
  conv2d: 'Conv2D',
  dense: 'Dense',
  batchnorm: 'BatchNormalization',
  maxpool2d: 'MaxPooling2D',
  flatten: 'Flatten',
  add: 'Add',
  relu: 'Activation',
  softmax: 'Activation',
};

const configOf = ({
  type,
  filters,
  kernel,
  padding,
  units,
  epsilon,
}: (typeof golden.model.layers)[number]) => {
  if (type === 'conv2d')
    return {
      filters,
      kernel_size: [kernel, kernel],
      strides: [1, 1],
      padding,
      data_format: 'channels_last',
      dilation_rate: [1, 1],
      activation: 'linear',
      use_bias: true,
    };
  if (type === 'dense') return { units, activation: 'linear', use_bias: true };
  if (type === 'batchnorm') return { axis: [3], momentum: 0.99, epsilon, center: true, scale: true };
  if (type === 'maxpool2d')
    return { pool_size: [2, 2], strides: [2, 2], padding: 'valid', data_format: 'channels_last' };
  if (type === 'flatten') return { data_format: 'channels_last' };
  return type === 'relu' || type === 'softmax' ? { activation: type } : {};
};

/** The names and the order of the weights in Keras. */
const WEIGHTS: Record<string, string[]> = {
  conv2d: ['kernel', 'bias'],
  dense: ['kernel', 'bias'],
  batchnorm: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
};

/**
 * The model of the fixture in the format of tensorflowjs_converter for Keras 2: names with underscores, activations as
 * layers, inbound nodes as nested lists, weights in one group.
 */
export async function converterModel(): Promise<tf.LayersModel> {
  const { layers, weights, input_shape } = golden.model;
  const node = (name: string) => [name, 0, 0, {}];
  const topology = {
    class_name: 'Functional',
    config: {
      name: 'golden',
      layers: [
        {
          class_name: 'InputLayer',
          name: 'input',
          inbound_nodes: [],
          config: {
            batch_input_shape: [null, ...input_shape],
            dtype: 'float32',
            sparse: false,
            name: 'input',
          },
        },
        ...layers.map((layer) => ({
          class_name: CLASSES[layer.type],
          name: layer.name,
          config: { name: layer.name, trainable: true, dtype: 'float32', ...configOf(layer) },
          inbound_nodes: [(layer.inputs ?? [layer.input!]).map(node)],
        })),
      ],
      input_layers: [['input', 0, 0]],
      output_layers: [[layers.at(-1)!.name, 0, 0]],
    },
  };
  const ordered = layers.flatMap(({ name, type }) => {
    const layerWeights = weights.filter(({ layer }) => layer === name);
    return (WEIGHTS[type] ?? []).map((weight, i) => ({ name: `${name}/${weight}`, ...layerWeights[i] }));
  });
  const data = Float32Array.from(ordered.flatMap((weight) => weight.data));
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: { keras_version: '2.13.1', backend: 'tensorflow', model_config: topology },
      format: 'layers-model',
      generatedBy: 'keras v2.13.1',
      convertedBy: 'TensorFlow.js Converter v4.22.0',
      weightSpecs: ordered.map(({ name, shape }) => ({ name, shape, dtype: 'float32' as const })),
      weightData: data.buffer,
    }),
  );
}
