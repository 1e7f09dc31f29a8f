import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import { correctGradients } from '@convlens/tfjs-gradients';

correctGradients();
const sumOfPadded = tf.grad((x) => tf.sum(tf.mirrorPad(x, [[1, 1]], 'reflect')));
assert.deepEqual([...sumOfPadded(tf.ones([3])).dataSync()], [1, 3, 1]);
