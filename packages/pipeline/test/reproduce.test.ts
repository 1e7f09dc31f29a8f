import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memoryStore, substore, type BlobStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { setThreadsCount } from '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  caveat,
  evaluateSubject,
  figureNames,
  openSubject,
  planReproduction,
  readResults,
  readRun,
  recipes,
  reproduce,
  sourceNames,
  sourceOf,
  writeResultsPages,
  type ReproductionResults,
} from '../src/index.js';
import { load, options } from './reproduce/source-e.js';

// Beside the tests, where every package that the program imports is found.
const folder = mkdtempSync(fileURLToPath(new URL('reproduce/program.tmp-', import.meta.url)));
const whole = folderStore(`${folder}/whole`);
const said: string[] = [];
let results: ReproductionResults;

beforeAll(async () => {
  await tf.setBackend('simd');
  await setThreadsCount(1);
  const before = tf.memory().numTensors;
  const plan = await planReproduction('E', { store: whole, load });
  [results] = await reproduce(plan, {
    ...options,
    onStep: (network, step) => said.push(`${network}: ${step}`),
  });
  expect(tf.memory().numTensors).toBe(before);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const text = async (store: BlobStore, name: string) => new TextDecoder().decode(await store.read(name));

/** All that must be the same: everything but the seconds. */
async function outcome(store: BlobStore) {
  const { history, summary } = await readRun(store);
  const found = await readResults(store);
  return {
    weights: Buffer.from((await store.read('model/weights.bin'))!).toString('base64'),
    history: history.map((record) => ({ ...record, seconds: 0 })),
    test: summary!.test,
    comparison: found!.comparison,
    files: (await store.list()).filter((name) => !name.startsWith('checkpoint/')),
  };
}

describe('reproduce', () => {
  it('trains, evaluates, takes every look, reports, and ends with the table of what the source says', async () => {
    const { looks, claims } = sourceOf('E').networks[0];
    expect(said).toEqual(['training', 'evaluating', ...looks.map(({ title }) => title), 'report'].map((step) => `E: ${step}`)); // prettier-ignore
    const { history, summary } = await readRun(whole);
    expect(history).toHaveLength(recipes.E.epochs);
    const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
    const { columns, rows } = results.comparison;
    expect(columns).toEqual(['', 'the source', 'this run', 'difference']);
    expect(rows.map(([what]) => what)).toEqual(claims.map(({ what }) => what));
    const last = history.at(-1)!;
    const apart = 100 * last.accuracy - 98;
    expect(rows[0]).toEqual([
      'accuracy while training, last epoch',
      '98%',
      percent(last.accuracy),
      `−${Math.abs(Number(apart.toFixed(1))).toFixed(1)} points`,
    ]);
    expect(rows[2]).toEqual(['test accuracy', 'not reported', percent(summary!.test!.accuracy), '']);
    expect(rows[3][2]).toBe('121,930');
    const page = await text(whole, 'results.md');
    expect(page).toContain(`| test accuracy | not reported | ${percent(summary!.test!.accuracy)} |  |`);
    expect(page).toContain('`convlens reproduce E --detail brief`');
    expect(await text(whole, 'report.html')).toContain('What the source reports, and what this run got');
    expect(page + (await text(whole, 'results.json'))).not.toContain(folder);
  });

  it('does nothing a second time that is finished', async () => {
    const before = await outcome(whole);
    const plan = await planReproduction('E', { store: whole, load });
    expect(plan.networks.map(({ begun, epochsLeft }) => [begun, epochsLeft])).toEqual([[true, 0]]);
    const steps: string[] = [];
    expect(await reproduce(plan, { ...options, onStep: (_, step) => steps.push(step) })).toEqual([results]);
    expect(steps).toEqual([]);
    expect(await outcome(whole)).toEqual(before);
  });

  it('does again what was lost, damaged or overwritten, and nothing else', async () => {
    const store = memoryStore();
    for (const name of await whole.list()) await store.write(name, (await whole.read(name))!);
    const write = (name: string, content: string) => store.write(name, new TextEncoder().encode(content));
    const [first, second] = sourceOf('E').networks[0].looks;
    const doneAgain = async () => {
      const steps: string[] = [];
      const plan = await planReproduction('E', { store, load });
      await reproduce(plan, { ...options, onStep: (_, step) => steps.push(step) });
      expect(await outcome(store)).toEqual(await outcome(whole));
      return steps;
    };
    await write('steps/look-01-feature-maps.json', '{ "of": {');
    await store.remove('figures/source_feature_maps_relu2_0.svg');
    await store.remove('figures/confusion_matrix.svg');
    expect(await doneAgain()).toEqual([first.title, second.title, 'report']);

    // What `convlens evaluate --average flips` leaves in a run.
    const { summary } = await readRun(store);
    const otherwise = { ...summary!.test!, name: 'average over flips', accuracy: 1 };
    await write('summary.json', JSON.stringify({ ...summary, test: otherwise }));
    await store.remove('report.html');
    expect(await doneAgain()).toEqual(['evaluating', 'report']);

    await write('results.json', '{ "network": ');
    await expect(readResults(store)).rejects.toThrow('Expected memory/results.json to be JSON');
    expect(await doneAgain()).toEqual([]);
    await store.remove('summary.json');
    await expect(doneAgain()).rejects.toThrow('Expected summary.json of the run in memory, found none');
  }, 60_000);

  it('ends the same, bit for bit in the weights, when it is killed with SIGKILL while training and while reporting and started again each time', async () => {
    // Of live source, as the tests themselves are.
    const conditions = ['@convlens/source', 'node'];
    await build({
      configFile: false,
      logLevel: 'error',
      resolve: { conditions },
      ssr: {
        resolve: { conditions },
        noExternal: [/^@convlens\//],
        external: ['@tensorflow/tfjs', '@resvg/resvg-js'],
      },
      build: {
        ssr: fileURLToPath(new URL('reproduce/process.ts', import.meta.url)),
        outDir: `${folder}/program`,
        minify: false,
        // PNGs are not drawn here: what draws them is not found from this folder.
        rollupOptions: { treeshake: { moduleSideEffects: 'no-external' } },
      },
    });
    const killed = folderStore(`${folder}/killed`);
    for (const moment of ['epoch 2', 'report', undefined]) {
      const child = fork(`${folder}/program/process.js`, [killed.location, moment ?? 'never'], {
        execArgv: [],
      });
      const ended = once(child, 'exit');
      if (moment !== undefined) {
        await Promise.race([once(child, 'message'), ended]);
        child.kill('SIGKILL');
      }
      expect(await ended).toEqual(moment === undefined ? [0, null] : [null, 'SIGKILL']);
      const { history } = await readRun(killed);
      expect(history).toHaveLength(moment === 'epoch 2' ? 1 : 3);
      expect((await readResults(killed)) !== undefined).toBe(moment === undefined);
    }
    expect(await outcome(killed)).toEqual(await outcome(whole));
  }, 180_000);

  it('uses fewer images and epochs at a scale, and says so everywhere', async () => {
    const store = memoryStore();
    const plan = await planReproduction('E', { store, load, scale: 0.4 });
    expect(plan.networks[0].settings).toEqual({ ...recipes.E, limit: 200, epochs: 1 });
    expect(plan.networks[0].images).toEqual({ train: 180, validation: 20, test: 200 });
    const [found] = await reproduce(plan, options);
    const marked =
      'A quick look at scale 0.4: 200 training images, 1 epoch, 200 test images. It is not to be compared with the source.';
    expect(caveat(found)).toBe(marked);
    expect(found.command).toBe('convlens reproduce E --scale 0.4 --detail brief');
    for (const name of ['results.md', 'report.html']) expect(await text(store, name)).toContain(marked);
    await expect(planReproduction('E', { store, load })).rejects.toThrow(
      'Expected an empty folder or one of this very reproduction, found a run with epochs 1 in place of 3 in memory',
    );
  }, 60_000);

  it('measures the mean over views of each image where a claim is about it', async () => {
    const store = memoryStore();
    for (const name of await whole.list()) await store.write(name, (await whole.read(name))!);
    const plan = await planReproduction('E', { store, load });
    const [{ network, ...planned }] = plan.networks;
    const claims = [{ what: 'over flips', measure: { average: 'flips' } }] as const;
    const [{ comparison }] = await reproduce(
      { ...plan, networks: [{ ...planned, network: { ...network, claims } }] },
      options,
    );
    const subject = await openSubject(store);
    const test = await load({ data: 'mnist', split: 'test' });
    const { accuracy } = await evaluateSubject(subject, test, { average: 'flips' });
    subject.model.dispose();
    expect(comparison.rows).toEqual([['over flips', 'not reported', `${(100 * accuracy).toFixed(2)}%`, '']]);
    // Shapes are others in a mirror: the test would not tell the mean from the image as it is otherwise.
    expect(comparison.rows[0][2]).not.toBe(results.comparison.rows[2][2]);
  });

  it('puts a note on this run into its page, though all else is finished', async () => {
    const store = memoryStore();
    for (const name of await whole.list()) await store.write(name, (await whole.read(name))!);
    const plan = await planReproduction('E', { store, load });
    const steps: string[] = [];
    const note = 'Its digits are shapes.';
    const [noted] = await reproduce(plan, { ...options, note, onStep: (_, step) => steps.push(step) });
    expect(steps).toEqual([]);
    expect(noted).toEqual({ ...results, note });
    expect((await text(store, 'results.md')).split('\n')).toContain(note);
    // It stays where the same is done again without it.
    expect(await reproduce(await planReproduction('E', { store, load }), options)).toEqual([noted]);
  });

  it('writes a page with its figures, and an index of the pages that are there', async () => {
    const docs = memoryStore();
    await docs.write('E/of-a-former-run.png', Uint8Array.of(1));
    await writeResultsPages(whole, { docs, toPng: (svg) => new TextEncoder().encode(svg.slice(0, 4)) });
    const pngs = (await docs.list('E/')).filter((name) => name.endsWith('.png'));
    expect(pngs).toEqual(Object.keys(results.figures).map((name) => `E/${name}.png`).sort()); // prettier-ignore
    expect(new TextDecoder().decode(await docs.read(pngs[0]))).toBe('<svg');
    const page = await text(docs, 'E/results.md');
    for (const name of pngs) expect(page).toContain(`](${name.slice(2)})`);
    expect(await text(docs, 'README.md')).toContain('| [E](E/results.md) | mnist | not reported | ');
    await expect(writeResultsPages(memoryStore(), { docs, toPng: () => new Uint8Array() })).rejects.toThrow(
      'Expected a finished reproduction, found none in memory',
    );
  });

  it('refuses a source that does not exist, a scale out of range, and a data set that is missing', async () => {
    const store = memoryStore();
    await expect(planReproduction('F', { store, load })).rejects.toThrow(
      `Expected a source, one of ${sourceNames.join(', ')}, got "F"`,
    );
    for (const scale of [0, 1.5, NaN])
      await expect(planReproduction('E', { store, load, scale })).rejects.toThrow(
        `Expected scale to be a number from 0.001 to 1, got ${scale}`,
      );
    const none = () => Promise.reject(new RangeError('Expected train_32x32.mat'));
    await expect(planReproduction('D-svhn-4conv', { store, load: none })).rejects.toThrow(
      'Expected train_32x32.mat; or take house numbers drawn from MNIST in its place (--generate-svhn)',
    );
    expect(await store.list()).toEqual([]);
  });

  it('gives each network of a source a run folder of its own, and one network the folder itself', async () => {
    const store = memoryStore();
    const foldersOf = async (name: string) =>
      (await planReproduction(name, { store, load, generateSvhn: true })).networks.map(
        (one) => one.store.location,
      );
    expect(await foldersOf('D')).toEqual(['D-mnist-5x5', 'D-cifar10-7layer', 'D-keras-cifar10', 'D-svhn-4conv'].map((recipe) => `memory/${recipe}`)); // prettier-ignore
    expect(await foldersOf('D-mnist-5x5')).toEqual(['memory']);
  });

  it('takes generated house numbers only where it is told to, and marks them', async () => {
    const asked: string[] = [];
    const store = memoryStore();
    const plan = await planReproduction('D-svhn-4conv', {
      store: substore(store, 'run'),
      generateSvhn: true,
      load: (request) => (asked.push(request.data), load(request)),
    });
    expect(asked).toEqual(['svhn-generated', 'svhn-generated']);
    const { settings, images } = plan.networks[0];
    expect(settings).toEqual({ ...recipes['D-svhn-4conv'], data: 'svhn-generated' });
    expect(caveat({ scale: 1, settings, images })).toMatch(/they are not SVHN/);
  });
});

describe('sourceNames', () => {
  it('name the five sources, what goes beyond them, and each network of the one that has several', () => {
    expect(sourceNames).toEqual(['A', 'B', 'C', 'D', 'E', 'D-keras-cifar10-long', 'cifar10-fast', 'D-mnist-5x5', 'D-cifar10-7layer', 'D-keras-cifar10', 'D-svhn-4conv']); // prettier-ignore
  });

  it.each(sourceNames)('%s is plain data, and claims and shows what can be found', (name) => {
    const source = sourceOf(name);
    expect(structuredClone(source)).toEqual(source);
    const ofReport = figureNames.map(
      (figure) => new RegExp(`^${figure.replace(/CLASS$/, '.+').replace(/N$/, '\\d+')}$`),
    );
    for (const { shown, looks, claims } of source.networks) {
      const ofLook = looks.flatMap(({ layer = 'classes', classes = ['right', 'wrong'], filters, scale }) => [
        `source_${scale ? `${scale}_` : ''}feature_maps_${layer}_0`,
        `source_activations_${layer}_0`,
        `source_channel_maximum_${layer}_0`,
        'source_layer_progression',
        `source_optimized_${layer}`,
        'source_optimized_scores',
        `source_similar_filters_${layer}`,
        `source_compared_${classes.join('_')}`,
        ...(Array.isArray(filters) ? filters : []).map((filter) => `source_top_images_${layer}_${filter}`),
      ]);
      const missing = Object.keys(shown).filter((figure) => !ofLook.includes(figure) && !ofReport.some((one) => one.test(figure))); // prettier-ignore
      expect(missing).toEqual([]);
      for (const { measure } of claims)
        if (typeof measure === 'object' && 'layer' in measure)
          expect(looks).toContainEqual(
            expect.objectContaining({ method: 'statistics', layer: measure.layer }),
          );
    }
  });
});
