import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads/float-bits.js';
import { MIN_PARALLEL_SIZE, MIN_PARALLEL_SIZE_COSTLY } from '../threads/parallel-size.js';

/** The float arguments, up to two, that a kernel takes from the attributes. */
type Parameters = (attrs: Record<string, number>) => number[];

const none: Parameters = () => [];
const alpha: Parameters = ({ alpha }) => [alpha];
const selu: Parameters = () => [tf.backend_util.SELU_SCALE, tf.backend_util.SELU_SCALEALPHA];
const bounds: Parameters = ({ clipValueMin, clipValueMax }) => [clipValueMin, clipValueMax];

const unary = (
  kernelName: string,
  kernel: string,
  parameters = none,
  minParallelSize = MIN_PARALLEL_SIZE,
): SimdKernel => ({
  kernelName,
  run({ inputs: { x }, attrs, backend }: KernelCall<{ x: tf.TensorInfo }, Record<string, number>>) {
    if (!areFloats(x)) return undefined;
    const length = tf.util.sizeFromShape(x.shape);
    const address = backend.address(x);
    const y = backend.output(x.shape);
    const args = [address, y.address, length, ...parameters(attrs).map(floatBits)];
    backend.threadPool.dispatch(kernel, args, { serial: length < minParallelSize });
    return y;
  },
});

const transcendental = (kernelName: string, kernel: string, parameters = none): SimdKernel =>
  unary(kernelName, kernel, parameters, MIN_PARALLEL_SIZE_COSTLY);

/** Unary elementwise operations. They propagate NaN, except Sign, which gives 0 as in the cpu backend. */
export const UNARY: readonly SimdKernel[] = [
  unary('Abs', 'eachAbs'),
  unary('Ceil', 'eachCeil'),
  unary('ClipByValue', 'eachClip', bounds),
  unary('Floor', 'eachFloor'),
  unary('LeakyRelu', 'eachLeakyRelu', alpha),
  unary('Neg', 'eachNeg'),
  unary('Reciprocal', 'eachReciprocal'),
  unary('Relu', 'eachRelu'),
  unary('Relu6', 'eachRelu6'),
  unary('Round', 'eachRound'),
  unary('Rsqrt', 'eachRsqrt'),
  unary('Sign', 'eachSign'),
  unary('Sqrt', 'eachSqrt'),
  unary('Square', 'eachSquare'),
  unary('Step', 'eachStep', alpha),
  transcendental('Elu', 'eachElu'),
  transcendental('Erf', 'eachErf'),
  transcendental('Exp', 'eachExp'),
  transcendental('Expm1', 'eachExpm1'),
  transcendental('Log', 'eachLog'),
  transcendental('Log1p', 'eachLog1p'),
  transcendental('Selu', 'eachSelu', selu),
  transcendental('Sigmoid', 'eachSigmoid'),
  transcendental('Softplus', 'eachSoftplus'),
  transcendental('Tanh', 'eachTanh'),
];
