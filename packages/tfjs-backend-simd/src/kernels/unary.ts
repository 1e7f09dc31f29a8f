import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads.js';

/** Up to two numbers that a function of one value takes from a kernel's attributes. */
type Parameters = (attrs: Record<string, number>) => number[];

const none: Parameters = () => [];
const alpha: Parameters = ({ alpha }) => [alpha];
const selu: Parameters = () => [tf.backend_util.SELU_SCALE, tf.backend_util.SELU_SCALEALPHA];
const bounds: Parameters = ({ clipValueMin, clipValueMax }) => [clipValueMin, clipValueMax];

/** Elements from which handing a share to another thread pays. */
const SHORT = 16_384;
/** The same where an element costs more. */
const SHORT_TRANSCENDENTAL = 4096;

const unary = (kernelName: string, kernel: string, parameters = none, short = SHORT): SimdKernel => ({
  kernelName,
  run({ inputs: { x }, attrs, backend }: KernelCall<{ x: tf.TensorInfo }, Record<string, number>>) {
    if (!areFloats(x)) return undefined;
    const length = tf.util.sizeFromShape(x.shape);
    const from = backend.address(x);
    const y = backend.output(x.shape);
    const args = [from, y.address, length, ...parameters(attrs).map(floatBits)];
    backend.threads.run(kernel, args, { alone: length < short });
    return y;
  },
});

const transcendental = (kernelName: string, kernel: string, parameters = none): SimdKernel =>
  unary(kernelName, kernel, parameters, SHORT_TRANSCENDENTAL);

/** Functions of one value. NaN stays NaN but for Sign, which makes it 0 as the cpu backend does. */
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
