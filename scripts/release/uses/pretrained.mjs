import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import { loadPretrained, MODEL_CARDS } from '@convlens/pretrained';

const { model, card } = await loadPretrained('mnist-5x5');
const output = model.predict(tf.zeros([1, ...card.inputShape]));
assert.equal(output.dataSync().length, 10);
assert.ok(MODEL_CARDS.length > 1);
