import * as tf from '@tensorflow/tfjs';

/**
 * Kernels whose gradients are those of TensorFlow.js. All of them are replaced at once where another copy of
 * TensorFlow.js is loaded: copies share one registry, and each registers all gradients when it is loaded.
 */
const OF_TENSORFLOW = ['Abs', 'Cos', 'Exp'];

type Gradients = (...args: unknown[]) => unknown;

interface Kept {
  /** The gradients to register again, by kernel. */
  readonly gradients: Map<string, tf.GradConfig>;
  /** The gradients of OF_TENSORFLOW when the registry was looked at last. */
  ofTensorFlow: readonly tf.GradConfig[];
}

/** The engine, which all copies of TensorFlow.js share, with what this package keeps: the same in every copy of it. */
const KEPT = Symbol.for('@convlens/tfjs-gradients: kept');
type Engine = { gradients: Gradients; [KEPT]?: Kept };

/**
 * Registers a gradient as `tf.registerGradient` does, and again before a gradient is computed if another copy of
 * TensorFlow.js has replaced all gradients since. A gradient that the caller registers later stays.
 *
 * @throws RangeError if it is no gradient: `kernelName` and `gradFunc` are required
 */
export function registerGradient(gradient: tf.GradConfig): void {
  if (typeof gradient?.kernelName !== 'string' || typeof gradient.gradFunc !== 'function')
    throw new RangeError(
      `Expected gradient to be a gradient of TensorFlow.js, { kernelName, gradFunc }, got ${describeValue(gradient)}`,
    );
  restoreGradients();
  const { gradients } = keptBy(tf.engine() as unknown as Engine);
  tf.registerGradient(gradient);
  gradients.set(gradient.kernelName, gradient);
}

function keptBy(engine: Engine): Kept {
  if (engine[KEPT]) return engine[KEPT];
  const kept: Kept = { gradients: new Map(), ofTensorFlow: OF_TENSORFLOW.map(tf.getGradient) };
  engine[KEPT] = kept;
  const { gradients } = engine;
  engine.gradients = function (...args) {
    restoreGradients();
    return gradients.apply(this, args);
  };
  return kept;
}

/**
 * Registers the kept gradients again if those of TensorFlow.js are of another copy; else keeps what is registered. What the caller
 * registers between the load of a copy and the next gradient cannot be told from the gradients of the copy.
 */
export function restoreGradients(): void {
  const kept = keptBy(tf.engine() as unknown as Engine);
  const registeredGradients = () => OF_TENSORFLOW.map((kernelName) => tf.getGradient(kernelName));
  const isOtherCopy = registeredGradients().every((gradient, i) => gradient !== kept.ofTensorFlow[i]);
  for (const [kernelName, gradient] of kept.gradients) {
    const registered: tf.GradConfig | undefined = tf.getGradient(kernelName);
    if (registered === gradient) continue;
    if (isOtherCopy) tf.registerGradient(gradient);
    else if (registered) kept.gradients.set(kernelName, registered);
    else kept.gradients.delete(kernelName);
  }
  kept.ofTensorFlow = registeredGradients();
}

/** What a message says of a value: its fields, or itself. */
const describeValue = (value: unknown): string =>
  typeof value === 'object' && value !== null ? `{ ${Object.keys(value).join(', ')} }` : String(value);
