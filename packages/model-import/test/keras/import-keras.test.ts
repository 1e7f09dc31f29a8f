import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { distance, files, inputTensors, references, type Reference } from '../reference.js';

/** Titles of the outputs of a model and of its layers that differ from those of Keras by more than 1e-5. */
function deviations(model: tf.LayersModel, reference: Reference): string[] {
  return tf.tidy(() => {
    const names = Object.keys(reference.layers);
    const tensors = [
      ...model.outputs,
      ...names.map((name) => model.getLayer(name).output as tf.SymbolicTensor),
    ];
    // TensorFlow.js drops repeated outputs.
    const outputs = [...new Set(tensors)];
    const allOutputs = tf.model({ inputs: model.inputs, outputs });
    const results = [allOutputs.predict(inputTensors(reference)) as tf.Tensor | tf.Tensor[]].flat();
    const actual = tensors.map((tensor) => results[outputs.indexOf(tensor)]);
    const expected = [...reference.outputs, ...names.map((name) => reference.layers[name])];
    const titles = [...reference.outputs.map((_, i) => `output ${i}`), ...names];
    return titles
      .map((title, i) => ({ title, error: distance(actual[i], expected[i]) }))
      .filter(({ error }) => !(error <= 1e-5))
      .map(({ title, error }) => `${title}: ${error}`);
  });
}

describe.each(['cpu', 'simd'])('on the backend %s', (backend) => {
  describe.each(Object.entries(references))('%s', (_, reference) => {
    it.each(reference.files)('imports %s: every layer outputs what it does in Keras', async (fileName) => {
      await tf.setBackend(backend);
      await tf.ready();
      const { model } = await importKeras(files[fileName], { fileName });
      const names = reference.names.filter((name) => !name.startsWith('input_layer'));
      expect(model.layers.map((layer) => layer.name)).toEqual(expect.arrayContaining(names));
      expect(model.countParams()).toBe(reference.parameters);
      expect(deviations(model, reference)).toEqual([]);
      model.dispose();
    });
  });
});

describe('a nested model', () => {
  it('is found whether its calls are counted from 0 or from 1', async () => {
    await tf.setBackend('cpu');
    const bytes = Buffer.from(files['nested.keras2.h5']);
    for (const node of [1, 0])
      for (let offset; (offset = bytes.indexOf(`["features", ${node}, 0`)) >= 0;)
        bytes.write(`["features", ${node + 1}, 0`, offset);
    expect(bytes.includes('["features", 2, 0')).toBe(true);
    const { model } = await importKeras(new Uint8Array(bytes), { fileName: 'counted.h5' });
    expect(deviations(model, references.nested)).toEqual([]);
    model.dispose();
  });
});
