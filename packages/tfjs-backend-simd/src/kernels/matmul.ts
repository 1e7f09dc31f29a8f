import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { BACKEND } from '../name.js';
import { combine } from './binary.js';

interface Product {
  a: tf.TensorInfo;
  b: tf.TensorInfo;
  /** One value a column. */
  bias?: tf.TensorInfo;
  transposeA: boolean;
  transposeB: boolean;
  /** In the product's last pass: 0 none, 1 relu, 2 relu6. */
  activation?: number;
  backend: SimdBackend;
}

const { sizeFromShape } = tf.util;

/** Products of matrices; undefined where the batches of `a` and `b` differ and neither is a single matrix. */
function multiply({ a, b, bias, transposeA, transposeB, activation = 0, backend }: Product) {
  if (!areFloats(a, b, bias)) return undefined;
  const [batchA, batchB] = [a, b].map(({ shape }) => shape.slice(0, -2));
  const [countA, countB] = [sizeFromShape(batchA), sizeFromShape(batchB)];
  if (!tf.util.arraysEqual(batchA, batchB) && countA !== 1 && countB !== 1) return undefined;
  const [m, k] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const [n, inner] = transposeB ? [b.shape.at(-2)!, b.shape.at(-1)!] : [b.shape.at(-1)!, b.shape.at(-2)!];
  const shape = [...tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB), m, n];
  const batch = Math.max(countA, countB);
  if (k !== inner || sizeFromShape(shape) * k === 0) return undefined;
  // A batch against one matrix is one product of more rows.
  const isTall = countB === 1 && !transposeA;
  const { threads } = backend;
  const addresses = [a, b].map((tensor) => backend.address(tensor));
  const addressOfBias = bias ? backend.address(bias) : 0;
  return backend.scratch(threads.ask('matMulScratch') * threads.count, (scratch) => {
    const c = backend.output(shape);
    const args = [
      ...[...addresses, c.address, addressOfBias, activation],
      ...(isTall ? [1, batch * m, n, k] : [batch, m, n, k]),
      ...[Number(transposeA), Number(transposeB)],
      ...[countA === 1 ? 0 : 4 * m * k, countB === 1 ? 0 : 4 * n * k, scratch],
    ];
    threads.run('matMul', args, { alone: batch * m * n * k < 65_536 });
    return c;
  });
}

type Attributes = Record<'transposeA' | 'transposeB', boolean>;

/** Products of the matrices in the last two dimensions. */
export const batchMatMul: SimdKernel = {
  kernelName: 'BatchMatMul',
  run: ({ inputs, attrs, backend }: KernelCall<Record<'a' | 'b', tf.TensorInfo>, Attributes>) =>
    multiply({ ...inputs, ...attrs, backend }),
};

interface FusedInputs {
  a: tf.TensorInfo;
  b: tf.TensorInfo;
  bias?: tf.TensorInfo;
  preluActivationWeights?: tf.TensorInfo;
}

interface FusedAttributes extends Attributes {
  activation?: string;
  leakyreluAlpha?: number;
}

/** Activations in the product's last pass, and the kernels of the others. */
const OWN: Record<string, number> = { linear: 0, relu: 1, relu6: 2 };
const KERNEL_OF: Record<string, string> = {
  elu: 'Elu',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
  sigmoid: 'Sigmoid',
};

/** A dense layer: product, bias and activation. */
export const fusedMatMul: SimdKernel = {
  kernelName: '_FusedMatMul',
  run({ inputs, attrs, backend }: KernelCall<FusedInputs, FusedAttributes>) {
    const { a, b, bias, preluActivationWeights } = inputs;
    const activation = attrs.activation ?? 'linear';
    const isPlainBias = !bias || (bias.shape.at(-1) === sizeFromShape(bias.shape) && bias.shape.at(-1) !== 1);
    const isOwn = activation in OWN;
    if (!areFloats(a, b, bias) || (!isOwn && !(activation in KERNEL_OF))) return undefined;
    let result: tf.TensorInfo | undefined = multiply({
      ...{ a, b, transposeA: attrs.transposeA, transposeB: attrs.transposeB, backend },
      bias: isPlainBias ? bias : undefined,
      activation: isOwn && isPlainBias ? OWN[activation] : 0,
    });
    if (!result) return undefined;
    const replace = (make: (x: tf.TensorInfo) => tf.TensorInfo | undefined) => {
      const x = result!;
      try {
        result = make(x);
      } finally {
        backend.disposeData(x.dataId);
      }
    };
    if (!isPlainBias) replace((x) => combine('pairAdd', { a: x, b: bias, backend }));
    if (result && activation !== 'linear' && !(isOwn && isPlainBias))
      replace((x) => {
        const kernelName = KERNEL_OF[activation] ?? (activation === 'relu' ? 'Relu' : 'Relu6');
        const { kernelFunc } = tf.getKernel(kernelName, BACKEND)!;
        const named = { x, ...(preluActivationWeights && { alpha: preluActivationWeights }) };
        return kernelFunc({
          inputs: named,
          attrs: { alpha: attrs.leakyreluAlpha ?? 0 },
          backend,
        }) as tf.TensorInfo;
      });
    return result;
  },
};
