// The rounding errors of each convolution method: the largest error of the result and of both gradients,
// relative to the largest value, against direct convolution in float64.
//   node bench/accuracy.js      (after npm run build in the package)
import * as tf from '@tensorflow/tfjs';
import { setConvolutionMethod } from '../dist/index.js';

const IMAGES = 16;
const SIZES = [
  { channels: 32, side: 32, filterSize: 3, methods: ['winograd', 'winograd-2x2', 'direct'] },
  { channels: 64, side: 16, filterSize: 3, methods: ['winograd', 'winograd-2x2', 'direct'] },
  { channels: 128, side: 8, filterSize: 3, methods: ['winograd', 'winograd-2x2', 'direct'] },
  { channels: 32, side: 32, filterSize: 5, methods: ['winograd', 'direct'] },
  { channels: 64, side: 16, filterSize: 5, methods: ['winograd', 'direct'] },
];

/** y, dx and dw of a convolution at stride 1 with padding `same`, by definition. */
function convolveInFloat64({ x, w, dy }, { channels, side, filterSize }) {
  const padding = (filterSize - 1) / 2;
  const [y, dx, dw] = [x, x, w].map(({ length }) => new Float64Array(length));
  for (let pixel = 0; pixel < IMAGES * side * side; pixel++) {
    const [row, column] = [Math.floor(pixel / side) % side, pixel % side];
    const outStart = pixel * channels;
    for (let tap = 0; tap < filterSize ** 2; tap++) {
      const rowOffset = Math.floor(tap / filterSize) - padding;
      const columnOffset = (tap % filterSize) - padding;
      const [inRow, inColumn] = [row + rowOffset, column + columnOffset];
      if (Math.min(inRow, inColumn) < 0 || Math.max(inRow, inColumn) >= side) continue;
      const inStart = outStart + (rowOffset * side + columnOffset) * channels;
      for (let i = 0; i < channels; i++) {
        const filterStart = (tap * channels + i) * channels;
        for (let o = 0; o < channels; o++) {
          y[outStart + o] += x[inStart + i] * w[filterStart + o];
          dx[inStart + i] += dy[outStart + o] * w[filterStart + o];
          dw[filterStart + o] += x[inStart + i] * dy[outStart + o];
        }
      }
    }
  }
  return [y, dx, dw];
}

function relativeError(actual, expected) {
  let [largestError, largestValue] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    largestError = Math.max(largestError, Math.abs(actual[i] - expected[i]));
    largestValue = Math.max(largestValue, Math.abs(expected[i]));
  }
  return (largestError / largestValue).toExponential(1);
}

await tf.setBackend('simd');
for (const { channels, side, filterSize, methods } of SIZES) {
  const shape = [IMAGES, side, side, channels];
  const random = (size, seed) => tf.randomNormal(size, 0, 1, 'float32', seed);
  const [x, w, dy] = [
    tf.relu(random(shape, 1)),
    random([filterSize, filterSize, channels, channels], 2),
    random(shape, 3),
  ];
  const values = { x: x.dataSync(), w: w.dataSync(), dy: dy.dataSync() };
  const expected = convolveInFloat64(values, { channels, side, filterSize });
  for (const method of methods) {
    setConvolutionMethod(method);
    const convolve = (x, w) => tf.conv2d(x, w, 1, 'same');
    const results = [convolve(x, w), ...tf.grads(convolve)([x, w], dy)];
    const [y, dx, dw] = results.map((tensor, i) => relativeError(tensor.dataSync(), expected[i]));
    const size = `${filterSize}x${filterSize}, ${channels} channels`;
    console.log(`${size}, ${method}: result ${y}, input gradient ${dx}, filter gradient ${dw}`);
    tf.dispose(results);
  }
}
