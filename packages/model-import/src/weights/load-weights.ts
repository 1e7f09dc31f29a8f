import * as tf from '@tensorflow/tfjs';
import type { WeightOwner, WeightTree } from './weight-tree.js';

/** A weight of a model, and its values in a file. */
interface Assignment {
  readonly layer: tf.layers.Layer;
  readonly values: readonly { readonly values: Float32Array; readonly shape: number[] }[];
}

/** Sets all weights of a model from a Keras file. All are checked before the first one is set. */
export function loadWeights(model: tf.LayersModel, weights: WeightTree): void {
  const assignments = collect(model, weights);
  tf.tidy(() => {
    for (const { layer, values } of assignments)
      layer.setWeights(values.map((weight) => tf.tensor(weight.values, weight.shape)));
  });
}

function collect(model: tf.LayersModel, weights: WeightTree): Assignment[] {
  const { layers } = model;
  const tree = weights.open(layers.map(ownerOf));
  return layers.flatMap((layer, index) => {
    if (layer instanceof tf.LayersModel) return collect(layer, tree.nested(index));
    const saved = tree.layer(index);
    const values = layer.weights.map((weight) => {
      const shape = weight.shape as number[];
      return { values: saved.take(weightName(weight), shape), shape };
    });
    saved.expectAllUsed();
    return values.length === 0 ? [] : [{ layer, values }];
  });
}

/** "conv1/kernel" of TensorFlow.js, which adds numbers to repeated names, is the kernel. */
const weightName = ({ originalName }: tf.LayerVariable) =>
  originalName.split('/').at(-1)!.replace(/_\d+$/, '');

const ownerOf = (layer: tf.layers.Layer): WeightOwner => ({
  className: kerasClass(layer),
  name: layer.name,
  config: layer.getConfig(),
});

const PREFIXES: Readonly<Record<string, string>> = { depthwise: 'Depthwise', separable: 'Separable' };

/** The Keras class of a layer, which for the layers of this package has another name. */
function kerasClass(layer: tf.layers.Layer): string {
  const className = layer.getClassName();
  if (className === 'AxisBatchNormalization') return 'BatchNormalization';
  if (className !== 'KerasConvolution') return className;
  const { kind, rank } = layer.getConfig();
  return `${PREFIXES[String(kind)] ?? ''}Conv${String(rank)}D${kind === 'transposed' ? 'Transpose' : ''}`;
}
