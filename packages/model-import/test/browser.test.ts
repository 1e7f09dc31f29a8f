import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveBuiltPage, type BuiltPage } from '../../../test/support/built-page.js';
import { describeInChromium, dropFile, withPage } from '../../../test/support/chromium.js';
import { importKeras } from '../src/index.js';
import { files, inputValues, references } from './reference.js';

const root = fileURLToPath(new URL('page', import.meta.url));

async function predictInNode(name: string): Promise<number[]> {
  const [shape] = references.depthwise.inputs;
  await tf.setBackend('cpu');
  const { model } = await importKeras(files[name]);
  const predictions = tf.tidy(() => [
    ...(model.predict(tf.tensor(inputValues(shape, 0), [...shape])) as tf.Tensor).dataSync(),
  ]);
  model.dispose();
  return predictions;
}

describeInChromium('a bundled page in Chromium', () => {
  let served: BuiltPage;
  beforeAll(async () => void (served = await serveBuiltPage(root)), 60_000);
  afterAll(() => served?.close());

  it.each(['depthwise.keras', 'depthwise.h5'])(
    'imports %s when it is dropped, predicts as Node does, and loads the HDF5 reader only then',
    (name) =>
      withPage(served.url, async (page, { errors, strangers }) => {
        const expected = await predictInNode(name);
        const scripts: string[] = [];
        page.on('request', (request) => scripts.push(request.url()));
        const isReader = (url: string) => /hdf5/.test(url);
        await page.waitForFunction(() => document.title === 'ready');
        const loaded = await page.evaluate(() =>
          performance.getEntriesByType('resource').map((entry) => entry.name),
        );
        expect(loaded.filter(isReader)).toEqual([]);
        await dropFile(page, 'body', { name, bytes: files[name] });
        await page.waitForFunction(() => document.title === 'imported');
        const actual: number[] = JSON.parse((await page.textContent('output'))!);
        expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i])))).toBeLessThan(1e-6);
        expect(scripts.filter(isReader)).toHaveLength(1);
        expect(errors).toEqual([]);
        expect(strangers).toEqual([]);
      }),
    60_000,
  );
});
