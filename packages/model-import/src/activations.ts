import * as tf from '@tensorflow/tfjs';

/** Activations of TensorFlow.js, by the name that Keras gives them. */
const STOCK: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'elu',
      'gelu',
      'linear',
      'mish',
      'relu',
      'relu6',
      'selu',
      'sigmoid',
      'softmax',
      'softplus',
      'softsign',
      'swish',
      'tanh',
    ].map((name) => [name, name]),
  ),
  silu: 'swish',
  log_softmax: 'logSoftmax',
};

const square = (x: tf.Tensor) => tf.mul(x, x);
const clip = (x: tf.Tensor, min: number, max: number) => tf.clipByValue(x, min, max);

/**
 * Activations of Keras that TensorFlow.js has not, by the name that TensorFlow.js saves them under: it makes snake case
 * of a name and camel case again, so that a name must survive both. Formulas: keras.activations of Keras 3.
 */
const OWN: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  exponential: (x) => tf.exp(x),
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  celu: (x) => tf.elu(x),
  glu: (x) => {
    const [values, gates] = tf.split(x, 2, -1);
    return tf.mul(values, tf.sigmoid(gates));
  },
  geluTanh: (x) => {
    const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, square(x)))));
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
  },
  hardShrink: (x) => tf.mul(x, tf.step(tf.sub(tf.abs(x), 0.5))),
  softShrink: (x) => tf.sub(tf.relu(tf.sub(x, 0.5)), tf.relu(tf.sub(tf.neg(x), 0.5))),
  hardTanh: (x) => clip(x, -1, 1),
  // TensorFlow.js has the hard sigmoid of Keras 2, 0.2 x + 0.5; that of Keras 3 has another slope.
  relu6Sigmoid: (x) => tf.div(clip(tf.add(x, 3), 0, 6), 6),
  relu6Swish: (x) => tf.mul(x, tf.div(clip(tf.add(x, 3), 0, 6), 6)),
  logSigmoid: (x) => tf.logSigmoid(x),
  tanhShrink: (x) => tf.sub(x, tf.tanh(x)),
  squarePlus: (x) => tf.div(tf.add(x, tf.sqrt(tf.add(square(x), 4))), 2),
  sparsePlus: (x) => tf.add(tf.relu(tf.sub(x, 1)), tf.div(square(tf.add(clip(x, -1, 1), 1)), 4)),
  sparseSigmoid: (x) => clip(tf.mul(tf.add(x, 1), 0.5), 0, 1),
};

const NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.keys(OWN).map((name) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), name]),
  ),
  squareplus: 'squarePlus',
  hard_silu: 'relu6Swish',
  hard_swish: 'relu6Swish',
};

/** The activation that TensorFlow.js knows under the name returned; undefined if there is none for Keras's name. */
export function activationFor(name: string, majorVersion: number): string | undefined {
  if (name === 'hard_sigmoid') return majorVersion < 3 ? 'hardSigmoid' : 'relu6Sigmoid';
  return Object.hasOwn(STOCK, name) ? STOCK[name] : Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}

/** Makes the activations of this file known to TensorFlow.js. */
export function registerActivations(): void {
  for (const [name, apply] of Object.entries(OWN)) {
    class KerasActivation extends tf.serialization.Serializable {
      static className = name;
      apply(x: tf.Tensor): tf.Tensor {
        return tf.tidy(() => apply(x));
      }
      getConfig() {
        return {};
      }
    }
    tf.serialization.registerClass(KerasActivation);
  }
}

/** What a layer of ours holds as its activation: what the stock layers hold. */
export function activationObject(name: string): { apply(x: tf.Tensor): tf.Tensor; getClassName(): string } {
  return (tf.layers.activation({ activation: name as never }) as never as { activation: never }).activation;
}
