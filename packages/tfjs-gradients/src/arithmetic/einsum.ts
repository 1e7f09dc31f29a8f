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
  const others: tf.Tensor[] = [];
  const otherLabels: string[] = [];
  operands.forEach((operand, i) => {
    if (i === position) return;
    // Labels that only this operand has are summed first: TensorFlow.js computes another shape with them.
    const isShared = [...labels[i]].map((label) => labelsOfOperand.includes(label) || result.includes(label));
    const summed = isShared.flatMap((shared, axis) => (shared ? [] : [axis]));
    others.push(summed.length > 0 ? tf.sum(operand, summed) : operand);
    otherLabels.push([...labels[i]].filter((_, axis) => isShared[axis]).join(''));
  });
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
