import * as tf from '@tensorflow/tfjs';

/** Activation functions that TensorFlow.js has under Keras's name. */
const SAME_NAME = [
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
];

const square = (x: tf.Tensor) => tf.mul(x, x);
const clip = (x: tf.Tensor, min: number, max: number) => tf.clipByValue(x, min, max);

/**
 * Activation functions of Keras that TensorFlow.js lacks, by the name under which they are registered. A
 * saved model has this name in snake case, and TensorFlow.js converts it back to camel case. Formulas:
 * keras.activations of Keras 3.
 */
const ADDED: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
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
  // The hard sigmoid of Keras 3. That of TensorFlow.js is of Keras 2: 0.2 x + 0.5.
  relu6Sigmoid: (x) => tf.div(clip(tf.add(x, 3), 0, 6), 6),
  relu6Swish: (x) => tf.mul(x, tf.div(clip(tf.add(x, 3), 0, 6), 6)),
  // The gradient of tf.logSigmoid reads a tensor that is disposed by then.
  logSigmoid: (x) => tf.neg(tf.softplus(tf.neg(x))),
  tanhShrink: (x) => tf.sub(x, tf.tanh(x)),
  squarePlus: (x) => tf.div(tf.add(x, tf.sqrt(tf.add(square(x), 4))), 2),
  sparsePlus: (x) => tf.add(tf.relu(tf.sub(x, 1)), tf.div(square(tf.add(clip(x, -1, 1), 1)), 4)),
  sparseSigmoid: (x) => clip(tf.mul(tf.add(x, 1), 0.5), 0, 1),
};

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Names in TensorFlow.js by Keras's name. */
const TFJS_NAMES: ReadonlyMap<string, string> = new Map([
  ...SAME_NAME.map((name) => [name, name] as const),
  ['silu', 'swish'],
  ['log_softmax', 'logSoftmax'],
  ...Object.keys(ADDED).map((name) => [snakeCase(name), name] as const),
  ['squareplus', 'squarePlus'],
  ['hard_silu', 'relu6Swish'],
  ['hard_swish', 'relu6Swish'],
]);

/**
 * The name of a Keras activation function in TensorFlow.js; undefined if it is unknown.
 *
 * @param majorVersion the version of Keras: `hard_sigmoid` has another slope in Keras 3 than before
 */
export function tfjsActivationName(name: string, majorVersion: number): string | undefined {
  if (name === 'hard_sigmoid') return majorVersion < 3 ? 'hardSigmoid' : 'relu6Sigmoid';
  return TFJS_NAMES.get(name);
}

/** Registers the added activation functions with TensorFlow.js. */
export function registerActivations(): void {
  for (const [name, apply] of Object.entries(ADDED)) {
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

/** The activation function of a name, in the form in which built-in layers have theirs. */
export function createActivation(name: string): { apply(x: tf.Tensor): tf.Tensor; getClassName(): string } {
  return (tf.layers.activation({ activation: name as never }) as never as { activation: never }).activation;
}
