import '@convlens/tfjs-backend-simd';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UNIT_RANGE } from '@convlens/core';
import { SHAPES_CLASSES } from '@convlens/image-set/shapes';
import { saveModel } from '@convlens/models';
import { folderStore } from '@convlens/storage/node';
import * as tf from '@tensorflow/tfjs';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-layers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../../packages/model-import/test/fixtures/${name}`, import.meta.url));
const ordered = unzipSync(readFileSync(fixture('ordered.zip')));

const layers = (source: string, ...args: string[]) => convlens('layers', source, '--backend', 'cpu', ...args);

describe('convlens layers', () => {
  // In the order of Keras, which the files list in another one.
  it.each([
    ['list', 'photo (6 x 6 x 3), facts (4), sketch (6 x 6 x 3)', 'kind (3), age (1), hot (2)'],
    ['dict', 'sketch (6 x 6 x 3), facts (4), photo (6 x 6 x 3)', 'kind (3), age (1), hot (2)'],
    ['structure', 'facts (4), photo (6 x 6 x 3), sketch (6 x 6 x 3)', 'hot (2), kind (3), age (1)'],
    ['shared', 'photo (6 x 6 x 3), sketch (6 x 6 x 3)', 'head:0 (2), head:1 (2)'],
    ['second-call', 'second (4), photo (6 x 6 x 3), first (4)', 'inner (3), top (2), pooled (2)'],
  ])(
    'prints the inputs and outputs of a model with several, in its order: %s',
    async (name, inputs, outputs) => {
      for (const ending of ['keras', 'h5']) {
        const path = join(folder, `${name}.${ending}`);
        writeFileSync(path, ordered[`${name}.${ending}`]);
        const { stdout } = await layers(path);
        expect(stdout).toContain(`\ninputs: ${inputs}\noutputs: ${outputs}\n`);
        const { inputs: tensors } = JSON.parse((await layers(path, '--json')).stdout);
        expect(tensors).toHaveLength(inputs.split('), ').length);
      }
    },
  );
});

describe('--output', () => {
  const model = join(folder, 'model');
  beforeAll(async () => {
    await tf.setBackend('simd');
    const input = tf.input({ shape: [32, 32, 3], name: 'image' });
    const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
    const scores = tf.layers.dense({
      name: 'scores',
      units: 10,
      activation: 'softmax',
      kernelInitializer: seeded(3),
    });
    const branch = (seed: number) => {
      const conv = tf.layers.conv2d({
        filters: 4,
        kernelSize: 5,
        strides: 4,
        kernelInitializer: seeded(seed),
      });
      const pooled = tf.layers.globalMaxPooling2d({}).apply(conv.apply(input) as tf.SymbolicTensor);
      return scores.apply(pooled as tf.SymbolicTensor) as tf.SymbolicTensor;
    };
    const [first, second] = [branch(1), branch(2)];
    const twice = tf.model({ inputs: input, outputs: [second, first] });
    await saveModel(twice, folderStore(model), {
      preprocessing: UNIT_RANGE,
      classNames: [...SHAPES_CLASSES],
    });
    twice.dispose();
  });

  const evaluate = async (...args: string[]) => {
    const result = await convlens(
      'evaluate',
      model,
      '--data',
      'shapes',
      '--backend',
      'simd',
      '--json',
      ...args,
    );
    return result.status === 0 ? JSON.parse(result.stdout.trim().split('\n').at(-1)!).loss : result.stderr;
  };

  it('tells outputs of one layer apart, by name and by index', async () => {
    const [first, second] = [await evaluate('--output', '0'), await evaluate('--output', '1')];
    expect(first).not.toBe(second);
    expect(await evaluate('--output', 'scores:0')).toBe(first);
    expect(await evaluate('--output', 'scores:1')).toBe(second);
    expect(await evaluate('--output', 'scores')).toContain(
      'Expected output to be one of scores:0, scores:1, got',
    );
  });
});
