import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_CARDS } from '@convlens/pretrained';
import { expect, it, vi } from 'vitest';
import { describeInChromium, dropFile, withPage } from '../../../test/support/chromium.js';
import { NOTICES_FILE } from '../third-party-notices.js';
import { builtDemo } from './built-demo.js';
import {
  chooseLayer,
  chooseModel,
  kerasFiles,
  readCurves,
  readLayerNames,
  readMaps,
  readText,
  waitForNewMaps,
  waitForText,
  waitUntilReady,
} from './demo-page.js';

// Inference is slow on a busy machine. test/long tests all that the page does.
vi.setConfig({ testTimeout: 60_000 });

const settings = '?epochs=2&images=3000&learningRate=0.003&augmentation=on';

describeInChromium('the built page in Chromium', () => {
  let folder = '';
  const url = builtDemo((built) => (folder = built));

  it('inspects the untrained model, then trains it and adds a point to the curves after each epoch', () =>
    withPage(url() + settings, async (page, { errors, strangers }) => {
      await waitUntilReady(page);
      expect(await page.locator('#images label').count()).toBe(30);
      expect(await readText(page, '#score')).toMatch(/^\d+ of 30 correct$/);
      const untrained = await readMaps(page);
      expect(untrained).toHaveLength(16);

      await page.getByRole('button', { name: 'Start training' }).click();
      await waitForText(page, 'announcement', /Epoch 1 done: validation accuracy [\d.]+%/);
      expect(await readCurves(page)).toEqual({
        points: 1,
        description: expect.stringContaining('After 1 epoch:'),
      });
      await waitForText(page, 'status', /^2 epochs done\.$/);
      expect(await readCurves(page)).toEqual({
        points: 2,
        description: expect.stringContaining('After 2 epochs:'),
      });
      await page.waitForFunction(
        (old) => document.querySelector('#maps svg image')!.getAttribute('href') !== old,
        untrained[0],
      );
      expect(await page.getByRole('button', { name: 'Continue to epoch 4' }).isEnabled()).toBe(true);
      expect(errors).toEqual([]);
      expect(strangers).toEqual([]);
    }));

  it('names every package of which code is in the page, with its license', async () => {
    const notices = await readFile(join(folder, NOTICES_FILE), 'utf8');
    // The source maps say whose code it is.
    const files = await readdir(folder, { recursive: true });
    const names = new Set<string>();
    for (const file of files.filter((name) => name.endsWith('.map')))
      for (const source of JSON.parse(await readFile(join(folder, file), 'utf8')).sources as string[]) {
        const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
        if (name) names.add(name);
      }
    expect([...names]).toEqual(expect.arrayContaining(['@tensorflow/tfjs-core', 'd3-scale', 'valibot']));
    for (const name of [...names, 'assemblyscript'])
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\S* \\(\\S.*\\)$`, 'm'));
    expect(notices).toContain('Apache License');
    expect(notices).toContain('Mike Bostock');
  });

  it('blocks inline scripts and styles, foreign servers, and code from text', () =>
    withPage(url(), async (page, { errors }) => {
      expect(
        await page.$eval('meta[http-equiv="Content-Security-Policy"]', (meta) => meta.outerHTML),
      ).toContain("default-src 'none'");
      await waitUntilReady(page);
      expect(errors).toEqual([]);
      const outcome = await page.evaluate(async () => {
        const blocked: string[] = [];
        document.addEventListener('securitypolicyviolation', (event) =>
          blocked.push(event.effectiveDirective),
        );
        const script = document.createElement('script');
        script.textContent = 'globalThis.injected = 1';
        document.body.append(script);
        document.body.insertAdjacentHTML(
          'beforeend',
          '<img src="https://example.invalid/a.png" onerror="globalThis.injected = 2">' +
            '<p style="color: red">a</p><iframe src="https://example.invalid/"></iframe>',
        );
        await fetch('https://example.invalid/').catch(() => {});
        // Later: the debugger may evaluate text, the page may not.
        setTimeout('globalThis.injected = 3' as never);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return {
          blocked: [...new Set(blocked)].sort(),
          injected: (globalThis as { injected?: number }).injected,
        };
      });
      expect(outcome).toEqual({
        blocked: [
          'connect-src',
          'frame-src',
          'img-src',
          'script-src',
          'script-src-attr',
          'script-src-elem',
          'style-src-attr',
        ],
        injected: undefined,
      });
    }));

  it('opens a dropped Keras file, and returns to the model that is trained here', () =>
    withPage(url(), async (page, { errors }) => {
      await waitUntilReady(page);
      const drop = (name: string, bytes: Uint8Array) => dropFile(page, 'main', { name, bytes });
      const trainedHereLayers = await readLayerNames(page);

      const name = 'cifar10-bn-6conv.keras';
      await waitForNewMaps(page, () => drop(name, kerasFiles[name]));
      await waitForText(page, 'model-status', /cifar10-bn-6conv\.keras is open\./);
      expect(await readLayerNames(page)).toEqual(
        expect.arrayContaining(['conv1_1', 'bn1_1', 'relu3_2', 'fc1']),
      );
      await waitForNewMaps(page, () => chooseLayer(page, 'relu2_1'));
      expect(await readText(page, '#maps title')).toContain('relu2_1');
      expect(await readText(page, '#probabilities desc')).toMatch(/Predicted class \d with/);

      await drop('cut.h5', kerasFiles['mnist-5x5.h5'].subarray(0, 3000));
      await waitForText(page, 'file-status', /Expected cut\.h5 to be a valid HDF5 file/);
      await waitForNewMaps(page, () => drop('mnist-5x5.h5', kerasFiles['mnist-5x5.h5']));
      await waitForText(page, 'model-status', /mnist-5x5\.h5 is open\./);
      expect(await page.locator('#model option:checked').textContent()).toBe('mnist-5x5.h5');
      await waitForNewMaps(page, () => chooseModel(page, 'shapes-3conv'));
      await waitForText(page, 'score', /of 30 correct$/);
      expect(await readLayerNames(page)).toEqual(trainedHereLayers);
      expect(await page.locator('#model option').count()).toBe(1 + MODEL_CARDS.length);
      expect(errors).toEqual([]);
    }));
});
