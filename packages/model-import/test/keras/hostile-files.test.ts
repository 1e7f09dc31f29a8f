import { randomAt } from '@convlens/core';
import { readZip } from '@convlens/formats';
import * as tf from '@tensorflow/tfjs';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { files, inputTensors, references } from '../reference.js';

beforeAll(() => tf.setBackend('cpu'));

const unpack = (bytes: Uint8Array) =>
  Object.fromEntries(readZip(bytes, { name: 'fixture', maxBytes: 1 << 24 }));
const withConfig = (config: string) =>
  zipSync({ ...unpack(files['mnist-small.keras']), 'config.json': new TextEncoder().encode(config) });

const importing = (config: string) => importKeras(withConfig(config), { fileName: 'a.keras' });

describe('a hostile Keras file', () => {
  it.each([
    ['lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['objects', '{"config":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
    ['models', nestedModels(10_000)],
    [
      'models in models, as a list of Keras 2',
      '{"class_name":"Sequential","config":['.repeat(5_000) + ']}'.repeat(5_000),
    ],
    [
      'values of an option',
      `{"class_name":"Sequential","config":{"name":"m","layers":[{"class_name":"Dense","config":{"name":"d","units":${'['.repeat(10_000)}1${']'.repeat(10_000)}}}]}}`,
    ],
  ])('is refused if it nests 10,000 %s', async (_, config) => {
    await expect(importing(config)).rejects.toThrow(
      'Expected config.json of a.keras to nest arrays and objects at most 256 deep, got more',
    );
  });

  it('is refused if it nests more models than that', async () => {
    await expect(importing(nestedModels(40))).rejects.toThrow(
      'Expected a.keras to nest models at most 32 deep',
    );
  });

  it('is refused if a class name has control characters; names are quoted', async () => {
    const layer = { class_name: 'A\nconvlens: done\u001b[2J', config: { name: 'a' } };
    const config = { class_name: 'Sequential', config: { name: 'm', layers: [layer] } };
    await expect(importing(JSON.stringify(config))).rejects.toThrow(
      /^Expected the config in a\.keras to describe layers by class_name, config and name, got [^\n\u001b]*$/,
    );
    const named = { class_name: 'Nothing', config: { name: 'a\nconvlens: done' } };
    await expect(
      importing(
        JSON.stringify({ ...config, config: { name: 'm', build_input_shape: [null, 2], layers: [named] } }),
      ),
    ).rejects.toThrow(String.raw`layer "a\nconvlens: done" of class Nothing`);
  });

  it('cannot change the prototype of objects', async () => {
    await expect(
      importing('{"__proto__":{"polluted":1},"class_name":"__proto__","config":{"name":"m"}}'),
    ).rejects.toThrow('Expected');
    await expect(
      importing('{"class_name":"constructor","config":{"name":"m","__proto__":{"layers":[1]}}}'),
    ).rejects.toThrow('Expected');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('is refused for each of 300 flipped bits, or gives the same model', async () => {
    const name = 'mnist-small.keras';
    const bytes = files[name];
    const predict = async (file: Uint8Array) => {
      const { model, warnings } = await importKeras(file, { fileName: name });
      const outputs = tf.tidy(() => [
        ...(model.predict(inputTensors(references['mnist-small'])) as tf.Tensor).dataSync(),
      ]);
      const layers = JSON.stringify(model.toJSON(null, false));
      model.dispose();
      return { outputs, layers, warnings };
    };
    const original = await predict(bytes);
    let refused = 0;
    for (let i = 0; i < 300; i++) {
      const random = randomAt(i, 'flip');
      const flipped = bytes.slice();
      flipped[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
      try {
        expect(await predict(flipped)).toEqual(original);
      } catch (error) {
        expect((error as Error).name).toBe('InputError');
        refused++;
      }
    }
    // The rest are times and attributes of the entries of the zip, which are not read.
    expect(refused).toBeGreaterThan(280);
  });
});

function nestedModels(levels: number): string {
  const open = '{"class_name":"Sequential","config":{"name":"m","build_input_shape":[null,2],"layers":[';
  const dense = '{"class_name":"Dense","config":{"name":"d","units":1}}';
  return `${open.repeat(levels)}${dense}${']}}'.repeat(levels)}`;
}
