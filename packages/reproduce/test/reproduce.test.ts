import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatPercent } from '@convlens/core';
import { evaluateOpenModel, findRecipe, openModel, readRun } from '@convlens/pipeline';
import { memoryStore, readText, substore, writeJson, writeText, type BlobStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { setThreadsCount } from '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findProject,
  planReproduction,
  PROJECT_RECIPES,
  projectNames,
  readResults,
  reproduce,
  runFolders,
  writeResultsPages,
  type ReproductionResults,
} from '../src/index.js';
import { load, options } from './reproduce/project-e.js';

// Beside the tests, where the imports of the program resolve.
const folder = mkdtempSync(fileURLToPath(new URL('reproduce/program.tmp-', import.meta.url)));
const whole = folderStore(`${folder}/whole`);
const settingsOf = (id: string) => findRecipe(id, PROJECT_RECIPES).settings;
const reportedSteps: string[] = [];
let results: ReproductionResults;

beforeAll(async () => {
  await tf.setBackend('simd');
  await setThreadsCount(1);
  const tensorCount = tf.memory().numTensors;
  const plan = await planReproduction('E', { store: whole, load });
  [results] = await reproduce(plan, {
    ...options,
    onStep: (recipe, step) => reportedSteps.push(`${recipe}: ${step}`),
  });
  expect(tf.memory().numTensors).toBe(tensorCount);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of the finished reproduction in memory. */
async function copyOfWhole(): Promise<BlobStore> {
  const store = memoryStore();
  for (const name of await whole.list()) await store.write(name, (await whole.read(name))!);
  return store;
}

/** Everything that must be the same: all but the seconds. */
async function outcome(store: BlobStore) {
  const { history, summary } = await readRun(store);
  const savedResults = await readResults(store);
  return {
    weights: Buffer.from((await store.read('model/weights.bin'))!).toString('base64'),
    history: history.map((record) => ({ ...record, seconds: 0 })),
    test: summary!.test,
    comparison: savedResults!.comparison,
    files: (await store.list()).filter((name) => !name.startsWith('checkpoint/')),
  };
}

describe('reproduce', () => {
  it('trains, evaluates, explains, reports, and compares with the reported results', async () => {
    const { analyses, reportedResults } = findProject('E').models[0];
    const steps = ['training', 'evaluating', ...analyses.map(({ title }) => title), 'report'];
    expect(reportedSteps).toEqual(steps.map((step) => `E: ${step}`));
    const { history, summary } = await readRun(whole);
    expect(history).toHaveLength(settingsOf('E').epochs);
    const { columns, rows } = results.comparison;
    expect(columns).toEqual(['', 'project', 'this run', 'difference']);
    expect(rows.map(([name]) => name)).toEqual(reportedResults.map(({ name }) => name));
    const { accuracy } = history.at(-1)!;
    const difference = 100 * accuracy - 98;
    expect(rows[0]).toEqual([
      'training accuracy, last epoch',
      '98%',
      formatPercent(accuracy),
      `−${Math.abs(Number(difference.toFixed(1))).toFixed(1)} points`,
    ]);
    const testAccuracy = formatPercent(summary!.test!.accuracy);
    expect(rows[2]).toEqual(['test accuracy', 'not reported', testAccuracy, '']);
    expect(rows[3][2]).toBe('121,930');
    const page = await readText(whole, 'results.md');
    expect(page).toContain(`| test accuracy | not reported | ${testAccuracy} |  |`);
    expect(page).toContain('`convlens reproduce E --detail brief`');
    expect(await readText(whole, 'report.html')).toContain('Reported and reproduced results');
    expect(`${page}${await readText(whole, 'results.json')}`).not.toContain(folder);
  });

  it('does nothing a second time', async () => {
    const before = await outcome(whole);
    const plan = await planReproduction('E', { store: whole, load });
    expect(plan.models.map(({ isStarted, remainingEpochs }) => [isStarted, remainingEpochs])).toEqual([
      [true, 0],
    ]);
    const steps: string[] = [];
    expect(await reproduce(plan, { ...options, onStep: (_, step) => steps.push(step) })).toEqual([results]);
    expect(steps).toEqual([]);
    expect(await outcome(whole)).toEqual(before);
  });

  it('repeats only the steps whose files are lost, damaged or overwritten', async () => {
    const store = await copyOfWhole();
    const [first, second] = findProject('E').models[0].analyses;
    const repeatedSteps = async () => {
      const steps: string[] = [];
      const plan = await planReproduction('E', { store, load });
      await reproduce(plan, { ...options, onStep: (_, step) => steps.push(step) });
      expect(await outcome(store)).toEqual(await outcome(whole));
      return steps;
    };
    await writeText(store, 'steps/analysis-01-feature-maps.json', '{ "inputs": {');
    await store.remove('figures/project_feature_maps_relu2_0.svg');
    await store.remove('figures/confusion_matrix.svg');
    expect(await repeatedSteps()).toEqual([first.title, second.title, 'report']);

    // As after `convlens evaluate --tta flips`.
    const { summary } = await readRun(store);
    const test = { ...summary!.test!, name: 'test-time augmentation flips', accuracy: 1 };
    await writeJson(store, 'evaluation.json', { epoch: summary!.best.epoch, test });
    await store.remove('report.html');
    expect(await repeatedSteps()).toEqual(['evaluating', 'report']);

    await writeText(store, 'results.json', '{ "recipe": ');
    await expect(readResults(store)).rejects.toThrow('Expected memory/results.json to be JSON');
    expect(await repeatedSteps()).toEqual([]);
    await store.remove('summary.json');
    await expect(repeatedSteps()).rejects.toThrow('Expected summary.json of the run in memory, found none');
  }, 60_000);

  it('ends with the same weights after a SIGKILL during training and during the report', async () => {
    // From source, like the tests.
    const conditions = ['@convlens/source', 'node'];
    await build({
      configFile: false,
      logLevel: 'error',
      resolve: { conditions },
      ssr: {
        resolve: { conditions },
        noExternal: [/^@convlens\//],
        external: ['@tensorflow/tfjs'],
      },
      build: {
        ssr: fileURLToPath(new URL('reproduce/process.ts', import.meta.url)),
        outDir: `${folder}/program`,
        minify: false,
      },
    });
    const killed = folderStore(`${folder}/killed`);
    for (const lastStep of ['epoch 2', 'report', undefined]) {
      const child = fork(`${folder}/program/process.js`, [killed.location, lastStep ?? 'never'], {
        execArgv: [],
      });
      const ended = once(child, 'exit');
      if (lastStep !== undefined) {
        await Promise.race([once(child, 'message'), ended]);
        child.kill('SIGKILL');
      }
      expect(await ended).toEqual(lastStep === undefined ? [0, null] : [null, 'SIGKILL']);
      const { history } = await readRun(killed);
      expect(history).toHaveLength(lastStep === 'epoch 2' ? 1 : 3);
      expect((await readResults(killed)) !== undefined).toBe(lastStep === undefined);
    }
    expect(await outcome(killed)).toEqual(await outcome(whole));
  }, 180_000);

  it('uses fewer images and epochs at a scale, and says so everywhere', async () => {
    const store = memoryStore();
    const plan = await planReproduction('E', { store, load, scale: 0.4 });
    expect(plan.models[0].settings).toEqual({ ...settingsOf('E'), limit: 200, epochs: 1 });
    expect(plan.models[0].images).toEqual({ train: 180, validation: 20, test: 200 });
    const [scaled] = await reproduce(plan, options);
    const caveat =
      'A quick test at scale 0.4: 200 training images, 1 epoch, 200 test images. It is not comparable ' +
      'with the project.';
    expect([plan.models[0].caveat, scaled.caveat]).toEqual([caveat, caveat]);
    expect(scaled.command).toBe('convlens reproduce E --scale 0.4 --detail brief');
    for (const name of ['results.md', 'report.html']) expect(await readText(store, name)).toContain(caveat);
    await expect(planReproduction('E', { store, load })).rejects.toThrow(
      'Expected an empty folder or a run with the same settings, found one with epochs 1 in place of 3 ' +
        'in memory',
    );
  }, 60_000);

  it('evaluates with test-time augmentation where a reported result is about it', async () => {
    const store = await copyOfWhole();
    const plan = await planReproduction('E', { store, load });
    const [{ model, ...planned }] = plan.models;
    const reportedResults = [{ name: 'flips', measure: { testTimeAugmentation: 'flips' } }] as const;
    const [{ comparison }] = await reproduce(
      { ...plan, models: [{ ...planned, model: { ...model, reportedResults } }] },
      options,
    );
    const opened = await openModel(store);
    const test = await load({ data: 'mnist', split: 'test' });
    const { accuracy } = await evaluateOpenModel(opened, test, { testTimeAugmentation: 'flips' });
    opened.model.dispose();
    expect(comparison.rows).toEqual([['flips', 'not reported', formatPercent(accuracy), '']]);
    // The flipped shapes are other shapes: the accuracy must differ from that of the images alone.
    expect(comparison.rows[0][2]).not.toBe(results.comparison.rows[2][2]);
  });

  it('adds a note to the page of a finished run, and keeps it', async () => {
    const store = await copyOfWhole();
    const plan = await planReproduction('E', { store, load });
    const steps: string[] = [];
    const note = 'Its digits are shapes.';
    const [noted] = await reproduce(plan, { ...options, note, onStep: (_, step) => steps.push(step) });
    expect(steps).toEqual([]);
    expect(noted).toEqual({ ...results, note });
    expect((await readText(store, 'results.md'))!.split('\n')).toContain(note);
    expect(await reproduce(await planReproduction('E', { store, load }), options)).toEqual([noted]);
  });

  it('writes a page with its figures, and an index of all pages', async () => {
    const pages = memoryStore();
    await pages.write('E/of-an-earlier-run.png', Uint8Array.of(1));
    await writeResultsPages(whole, { pages, toPng: (svg) => new TextEncoder().encode(svg.slice(0, 4)) });
    const pngs = (await pages.list('E/')).filter((name) => name.endsWith('.png'));
    const names = Object.keys(results.figures);
    expect(pngs).toEqual(names.map((name) => `E/${name}.png`).sort());
    expect(await readText(pages, pngs[0])).toBe('<svg');
    const page = await readText(pages, 'E/results.md');
    for (const name of pngs) expect(page).toContain(`](${name.slice(2)})`);
    expect(await readText(pages, 'README.md')).toContain('| [E](E/results.md) | mnist | not reported | ');
    await expect(writeResultsPages(memoryStore(), { pages, toPng: () => new Uint8Array() })).rejects.toThrow(
      'Expected a finished reproduction, found none in memory',
    );
  });
});

describe('planReproduction', () => {
  it('refuses an unknown project, a scale out of range, and a missing data set', async () => {
    const store = memoryStore();
    await expect(planReproduction('F', { store, load })).rejects.toThrow(
      `Expected project to be one of ${projectNames().join(', ')}, got "F"`,
    );
    for (const scale of [0, 1.5, NaN])
      await expect(planReproduction('E', { store, load, scale })).rejects.toThrow(
        `Expected scale to be a number from 0.001 to 1, got ${scale}`,
      );
    const missing = () => Promise.reject(new RangeError('Expected train_32x32.mat'));
    await expect(planReproduction('D-svhn-4conv', { store, load: missing })).rejects.toThrow(
      'Expected train_32x32.mat; or use svhn-generated in its place (--generate-svhn)',
    );
    await expect(planReproduction('E', { store, load: missing })).rejects.toThrow(
      /^Expected train_32x32.mat$/,
    );
    expect(await store.list()).toEqual([]);
  });

  it('has a run folder per model, in the folder itself for a single model', async () => {
    const store = memoryStore();
    const locationsOf = async (name: string) => {
      const { models } = await planReproduction(name, { store, load, generateSvhn: true });
      return models.map((planned) => planned.store.location);
    };
    const recipes = ['D-mnist-5x5', 'D-cifar10-7layer', 'D-keras-cifar10', 'D-svhn-4conv'];
    expect(await locationsOf('D')).toEqual(recipes.map((recipe) => `memory/${recipe}`));
    expect(await locationsOf('D-mnist-5x5')).toEqual(['memory']);
    expect(runFolders('D').map(({ path }) => path)).toEqual(recipes);
    expect(runFolders('D-mnist-5x5')).toEqual([{ recipe: 'D-mnist-5x5', path: '' }]);
    const storeOf = (recipe: string) => ({ ...memoryStore(), location: `of ${recipe}` });
    const { models } = await planReproduction('D', { store: storeOf, load, generateSvhn: true });
    expect(models.map((planned) => planned.store.location)).toEqual(recipes.map((recipe) => `of ${recipe}`));
  });

  it('uses generated house numbers only when asked to, with a caveat', async () => {
    const loaded: string[] = [];
    const store = memoryStore();
    const plan = await planReproduction('D-svhn-4conv', {
      store: substore(store, 'run'),
      generateSvhn: true,
      load: (request) => (loaded.push(request.data), load(request)),
    });
    expect(loaded).toEqual(['svhn-generated', 'svhn-generated']);
    const { settings, caveat, usesStandIn } = plan.models[0];
    expect(settings).toEqual({ ...settingsOf('D-svhn-4conv'), data: 'svhn-generated' });
    expect(caveat).toMatch(/they are not SVHN/);
    expect(usesStandIn).toBe(true);
  });

  it('takes other projects, recipes and data sets as lists', async () => {
    const recipe = { id: 'mine', title: 'my own recipe', settings: { ...settingsOf('E'), data: 'my-data' } };
    const project = {
      id: 'my-project',
      title: 'my own project',
      models: [{ recipe: 'mine', reportedResults: [], analyses: [], figures: {}, differences: [] }],
    };
    const dataset = {
      id: 'my-data',
      title: 'my own images',
      classNames: [],
      needsFiles: false,
      caveat: 'They are my own.',
      load: () => load({ data: 'my-data', split: 'train' }),
    } as const;
    const lists = { projects: [project], recipes: [recipe], datasets: [dataset] };
    const plan = await planReproduction('my-project', { store: memoryStore(), load, ...lists });
    expect(plan.models.map(({ settings, caveat }) => [settings.data, caveat])).toEqual([
      ['my-data', 'They are my own.'],
    ]);
    const [reproduced] = await reproduce(plan, { ...options, datasets: [dataset] });
    expect([reproduced.recipe, reproduced.settings.data, reproduced.history.length]).toEqual([
      'mine',
      'my-data',
      3,
    ]);
  }, 60_000);
});
