import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveBuiltPage, type BuiltPage } from '../../../test/support/built-page.js';
import { describeInChromium, dropFile, withPage } from '../../../test/support/chromium.js';
import { importKeras } from '../src/index.js';
import { files, inputValues, references } from './reference.js';

const root = fileURLToPath(new URL('page', import.meta.url));

describeInChromium('a page in Chromium', () => {
  let served: BuiltPage;
  beforeAll(async () => void (served = await serveBuiltPage(root)), 60_000);
  afterAll(() => served?.close());

  it.each(['depthwise.keras', 'depthwise.h5'])(
    'opens %s that is dropped on it, predicts as Node does, and loads the reader of HDF5 only then',
    (name) =>
      withPage(served.url, async (page, { errors, strangers }) => {
        const [shape] = references.depthwise.inputs;
        const values = inputValues(shape, 0);
        await tf.setBackend('cpu');
        const { model } = await importKeras(files[name]);
        const expected = tf.tidy(() => [
          ...(model.predict(tf.tensor(values, [...shape])) as tf.Tensor).dataSync(),
        ]);
        model.dispose();

        const scripts: string[] = [];
        page.on('request', (request) => scripts.push(request.url()));
        const isReader = (url: string) => /hdf5/.test(url);
        await page.waitForFunction(() => document.title === 'ready');
        expect(
          await page.evaluate(() => performance.getEntriesByType('resource').map((one) => one.name)),
        ).not.toContainEqual(expect.stringMatching(/hdf5/));
        await dropFile(page, 'body', { name, bytes: files[name] });
        await page.waitForFunction(() => document.title === 'opened');
        const found: number[] = JSON.parse((await page.textContent('output'))!);
        expect(Math.max(...expected.map((value, i) => Math.abs(value - found[i])))).toBeLessThan(1e-6);
        expect(scripts.filter(isReader)).toHaveLength(1);
        expect(errors).toEqual([]);
        expect(strangers).toEqual([]);
      }),
    60_000,
  );
});
