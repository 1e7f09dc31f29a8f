import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { importKeras } from '../src/index.js';
import { distance, files, inputTensors, references, type Reference } from './reference.js';

const asList = <T>(value: T | T[]) => (Array.isArray(value) ? value : [value]);

/** What of a model's outputs and of its layers' is not what Keras computed, within 1e-5. */
function deviations(model: tf.LayersModel, reference: Reference): string[] {
  return tf.tidy(() => {
    const inputs = inputTensors(reference);
    const names = Object.keys(reference.layers);
    const layers = names.map((name) => model.getLayer(name).output as tf.SymbolicTensor);
    // TensorFlow.js loses an output that is asked for twice.
    const wanted = [...new Set([...model.outputs, ...layers])];
    const whole = tf.model({ inputs: model.inputs, outputs: wanted });
    const found = asList(whole.predict(inputs) as tf.Tensor | tf.Tensor[]);
    const results = [...model.outputs, ...layers].map((output) => found[wanted.indexOf(output)]);
    const expected = [...reference.outputs, ...names.map((name) => reference.layers[name])];
    const titles = [...reference.outputs.map((_, i) => `output ${i}`), ...names];
    return titles
      .map((title, i) => [title, distance(results[i], expected[i])] as const)
      .filter(([, error]) => !(error <= 1e-5))
      .map(([title, error]) => `${title}: ${error}`);
  });
}

describe.each(['cpu', 'simd'])('on the backend %s', (backend) => {
  describe.each(Object.entries(references))('%s', (_, reference) => {
    it.each(reference.files)('opens %s: every layer puts out what it does in Keras', async (name) => {
      await tf.setBackend(backend);
      await tf.ready();
      const { model } = await importKeras(files[name], { name });
      expect(model.layers.map((layer) => layer.name)).toEqual(
        expect.arrayContaining([...reference.names].filter((one) => !one.startsWith('input_layer'))),
      );
      expect(model.countParams()).toBe(reference.parameters);
      expect(deviations(model, reference)).toEqual([]);
      model.dispose();
    });
  });
});

describe('a model within a model', () => {
  it('is found whether or not the calls of it are counted from the one that made it', async () => {
    await tf.setBackend('cpu');
    const counted = Buffer.from(files['nested.keras2.h5']);
    for (const node of [1, 0])
      for (let at; (at = counted.indexOf(`["features", ${node}, 0`)) >= 0;)
        counted.write(`["features", ${node + 1}, 0`, at);
    expect(counted.includes('["features", 2, 0')).toBe(true);
    const { model } = await importKeras(new Uint8Array(counted), { name: 'counted.h5' });
    expect(deviations(model, references.nested)).toEqual([]);
    model.dispose();
  });
});
