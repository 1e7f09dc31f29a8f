import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import { layerNames } from '@convlens/activations';

const convolution = { name: 'conv', filters: 2, kernelSize: 3, inputShape: [8, 8, 3] };
const model = tf.sequential({ layers: [tf.layers.conv2d(convolution), tf.layers.flatten({ name: 'flat' })] });
assert.deepEqual(layerNames(model), ['conv', 'flat']);
