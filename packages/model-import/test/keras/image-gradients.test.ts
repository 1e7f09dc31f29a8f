import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attributions } from '@convlens/activations';
import { IDENTITY } from '@convlens/core';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { inputValues } from '../input-values.js';
import { unzip } from '../reference.js';

/** The networks of make-gradients.py, and the gradients that TensorFlow computes. */
const files = unzip(readFileSync(fileURLToPath(new URL('../fixtures/gradients.zip', import.meta.url))));
const gradients: Record<string, number[]> = JSON.parse(Buffer.from(files['gradients.json']).toString());
const names = Object.keys(gradients);

const [height, width, channels] = [6, 9, 2];
const pixels = inputValues([height, width, channels], 0);
const classNames = ['a', 'b', 'c'];
const images = { name: 'hashed', pixels, count: 1, height, width, channels, classNames };

it('there are networks of at least 60 layers', () => expect(names.length).toBeGreaterThanOrEqual(60));

describe.each(['simd', 'cpu', 'wasm'])('on %s the gradient of an image equals that of Keras', (backend) => {
  beforeAll(async () => {
    const { resolve } = createRequire(import.meta.url);
    setWasmPaths(`${dirname(resolve('@tensorflow/tfjs-backend-wasm'))}/`);
    await tf.setBackend(backend);
    await tf.ready();
  });

  it.each(names)('%s', async (name) => {
    const { model } = await importKeras(files[`${name}.keras`], { fileName: name });
    const [{ values }] = await attributions(model, images, { preprocessing: IDENTITY, target: 1 });
    const expected = gradients[name];
    const largest = Math.max(...expected.map(Math.abs));
    const differences = expected.map((value, i) => Math.abs(values[i] - value));
    expect(values.length).toBe(expected.length);
    expect(Math.max(...differences) / largest).toBeLessThan(1e-4);
    model.dispose();
  });
});
