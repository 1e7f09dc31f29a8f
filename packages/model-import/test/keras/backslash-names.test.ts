import * as tf from '@tensorflow/tfjs';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { openHdf5 } from '../../src/hdf5/open-hdf5.js';
import { copyTree } from '../hdf5/copy-tree.js';
import { writeHdf5, type Dataset, type Group } from '../hdf5/write-hdf5.js';
import { distance, files, inputTensors, references, unzip } from '../reference.js';
import { smallDistance, smallFile } from '../small.js';

beforeAll(() => tf.setBackend('cpu'));

const WEIGHTS = 'model.weights.h5';

/** The groups above each `vars` joined by backslashes, as Keras 2.12 to 2.15 writes them on Windows. */
function joinNames(root: Group): Group {
  const children: Record<string, Group | Dataset> = {};
  const visit = (group: Group, path: string) => {
    for (const [name, child] of Object.entries(group.children ?? {})) {
      const joined = path ? `${path}\\${name}` : name;
      if ('shape' in child) continue;
      if (child.children?.vars) children[joined] = { children: { vars: child.children.vars } };
      visit(child, joined);
    }
  };
  visit(root, '');
  return { children };
}

/** A .keras file of Keras with another tree of weights. */
function withWeights(name: string, change: (root: Group) => Group): Uint8Array {
  const archive = unzip(files[name]);
  const root = copyTree(openHdf5(archive[WEIGHTS], name)) as Group;
  return zipSync({ ...archive, [WEIGHTS]: writeHdf5(change(root)) }, { level: 0 });
}

describe('weights whose names are joined by backslashes', () => {
  it.each(['keras215-windows.keras', 'keras3-backslash.keras'])(
    'are found: %s gives the outputs of Keras',
    async (name) => {
      const { model } = await importKeras(smallFile(name));
      expect(smallDistance(model)).toBeLessThan(1e-6);
      model.dispose();
    },
  );

  it.each(['mnist-5x5', 'nested', 'nested-classifier', 'multi-input', 'zoo-1d', 'depthwise'])(
    'are found in %s, also inside models',
    async (name) => {
      const bytes = withWeights(`${name}.keras`, joinNames);
      const { model } = await importKeras(bytes);
      tf.tidy(() => {
        const outputs = [model.predict(inputTensors(references[name])) as tf.Tensor | tf.Tensor[]].flat();
        outputs.forEach((output, i) =>
          expect(distance(output, references[name].outputs[i])).toBeLessThan(1e-5),
        );
      });
      model.dispose();
    },
  );

  it('are refused if a group with the same names exists too', async () => {
    const bytes = withWeights('mnist-5x5.keras', (root) => ({
      children: { ...root.children, ...joinNames(root).children },
    }));
    await expect(importKeras(bytes, { fileName: 'a.keras' })).rejects.toThrow(
      /^Expected a\.keras to hold one object "layers\/conv2d\/vars", found two|^Expected a\.keras to hold one object "layers\/conv2d", found two/,
    );
  });
});

describe('the version of Keras in a .keras file', () => {
  it.each([
    ['2.15.0', 0.2 * 1 + 0.5],
    ['3.9.2', 1 / 6 + 0.5],
  ])('%s determines the slope of hard_sigmoid', async (version, expected) => {
    const config = {
      class_name: 'Sequential',
      config: {
        name: 'm',
        layers: [
          { class_name: 'InputLayer', config: { name: 'in', batch_shape: [null, 1] } },
          { class_name: 'Activation', config: { name: 'a', activation: 'hard_sigmoid' } },
        ],
      },
    };
    const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    const bytes = zipSync({
      'metadata.json': json({ keras_version: version }),
      'config.json': json(config),
      [WEIGHTS]: writeHdf5({}),
    });
    const { model } = await importKeras(bytes);
    const output = (model.predict(tf.ones([1, 1])) as tf.Tensor).dataSync()[0];
    expect(output).toBeCloseTo(expected, 6);
    model.dispose();
  });
});
