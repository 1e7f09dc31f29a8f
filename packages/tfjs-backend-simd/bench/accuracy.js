// How exact each way of convolving is: the largest error of results and gradients, as a part of the largest value, against
// the definition in float64.
//   node bench/accuracy.js      (after npm run build in the repository's root)
import * as tf from '@tensorflow/tfjs';
import { setConvolutionMethod } from '../dist/index.js';

const IMAGES = 16;
const SIZES = [
  { channels: 32, side: 32, taps: 3, methods: ['winograd', 'winograd-2x2', 'direct'] },
  { channels: 64, side: 16, taps: 3, methods: ['winograd', 'winograd-2x2', 'direct'] },
  { channels: 128, side: 8, taps: 3, methods: ['winograd', 'winograd-2x2', 'direct'] },
  { channels: 32, side: 32, taps: 5, methods: ['winograd', 'direct'] },
  { channels: 64, side: 16, taps: 5, methods: ['winograd', 'direct'] },
];

/** y, dx and dw of a convolution at stride 1 with padding `same`, by definition; kernels of `taps` x `taps`. */
function define({ x, w, dy }, { channels, side, taps }) {
  const reach = (taps - 1) / 2;
  const [y, dx, dw] = [x, x, w].map(({ length }) => new Float64Array(length));
  for (let place = 0; place < IMAGES * side * side; place++) {
    const [row, column] = [Math.floor(place / side) % side, place % side];
    const to = place * channels;
    for (let tap = 0; tap < taps ** 2; tap++) {
      const [down, across] = [Math.floor(tap / taps) - reach, (tap % taps) - reach];
      if (Math.min(row + down, column + across) < 0 || Math.max(row + down, column + across) >= side)
        continue;
      const from = to + (down * side + across) * channels;
      for (let i = 0; i < channels; i++) {
        const kernel = (tap * channels + i) * channels;
        for (let o = 0; o < channels; o++) {
          y[to + o] += x[from + i] * w[kernel + o];
          dx[from + i] += dy[to + o] * w[kernel + o];
          dw[kernel + o] += x[from + i] * dy[to + o];
        }
      }
    }
  }
  return [y, dx, dw];
}

function error(actual, expected) {
  let [most, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(actual[i] - expected[i]));
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return (most / largest).toExponential(1);
}

await tf.setBackend('simd');
for (const { channels, side, taps, methods } of SIZES) {
  const shape = [IMAGES, side, side, channels];
  const random = (size, seed) => tf.randomNormal(size, 0, 1, 'float32', seed);
  const [x, w, dy] = [
    tf.relu(random(shape, 1)),
    random([taps, taps, channels, channels], 2),
    random(shape, 3),
  ];
  const expected = define({ x: x.dataSync(), w: w.dataSync(), dy: dy.dataSync() }, { channels, side, taps });
  for (const method of methods) {
    setConvolutionMethod(method);
    const convolve = (x, w) => tf.conv2d(x, w, 1, 'same');
    const results = [convolve(x, w), ...tf.grads(convolve)([x, w], dy)];
    const [result, input, kernels] = results.map((tensor, i) => error(tensor.dataSync(), expected[i]));
    console.log(
      `${taps}x${taps}, ${channels} channels, ${method}: result ${result}, input ${input}, kernels ${kernels}`,
    );
    tf.dispose(results);
  }
}
