import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';

/** The labels of the operands and of the result of an equation such as `ij,jk->ik`. */
function parse(equation: string): { operands: string[]; result: string } {
  const [inputs, result] = equation.replace(/\s/g, '').split('->');
  return { operands: inputs.split(','), result };
}

/**
 * The gradient of one operand: the sum of products of dy and the other operand. A label that neither of them has was
 * summed over: the gradient is the same along it.
 */
function operandGradient(
  dy: tf.Tensor,
  operands: readonly tf.Tensor[],
  { equation, position }: { equation: string; position: number },
): tf.Tensor {
  const { operands: labels, result } = parse(equation);
  const labelsOfOperand = labels[position];
  const { shape } = operands[position];
  const others = operands.filter((_, i) => i !== position);
  const otherLabels = labels.filter((_, i) => i !== position);
  const known = [...labelsOfOperand].filter((label) =>
    [result, ...otherLabels].some((one) => one.includes(label)),
  );
  const product = tf.einsum(`${[result, ...otherLabels].join(',')}->${known.join('')}`, dy, ...others);
  const expanded = [...labelsOfOperand].map((label, i) => (known.includes(label) ? shape[i] : 1));
  return tf.mul(tf.reshape(product, expanded), tf.ones(shape));
}

/** Sums of products, such as the layers of attention compute. */
export const EINSUM: GradientCorrection = {
  kernelName: 'Einsum',
  fault: 'missing',
  correct: () => ({
    saveAllInputs: true,
    gradFunc(dy, operands, attributes) {
      const { equation } = attributesOf<{ equation: string }>(attributes);
      return Object.fromEntries(
        operands.map((_, position) => [
          position,
          () => operandGradient(onlyOne(dy), operands, { equation, position }),
        ]),
      );
    },
  }),
};
