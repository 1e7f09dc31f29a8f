import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import '@convlens/tfjs-backend-simd';

await tf.setBackend('simd');
const product = tf.matMul(tf.ones([2, 3]), tf.fill([3, 2], 2));
assert.deepEqual([...(await product.data())], [6, 6, 6, 6]);
process.exit(0);
