import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { convlens } from '../../apps/cli/test/convlens.js';
import { makeFile } from '../../packages/cifar-data/test/fixture.js';
import { cacheFolder } from '../../packages/image-set/src/node.js';
import { graphFiles } from '../../packages/model-import/test/graph/graph-models.js';
import { files as kerasFiles } from '../../packages/model-import/test/reference.js';
import { document } from '../../packages/render-d3/test/support/dom.js';
import { idxFile, safetensorsFile } from '../support/generated-files.js';
import { forgetBackends, readReadmes, runExamples, shorten, typeErrors } from '../support/readme.js';
import { ROOT } from '../support/workspace.js';

/** How the examples of one README are tested. */
interface Entry {
  /** The folder whose packages they find. Default: that of the README. */
  readonly home?: string;
  /** Puts what they read into the working folder, or into the cache of downloads. */
  readonly prepare?: () => void;
  /** What would take too long, and what it becomes. */
  readonly shortened?: Readonly<Record<string, string>>;
  /** Asserts what they print and leave in the working folder. */
  readonly assert?: (printed: readonly unknown[][]) => void;
  /** For examples that are modules for a program: runs the program on them. Their parameters have no types to check. */
  readonly use?: (modules: readonly string[]) => Promise<void>;
}

const fixture = (path: string) => join(ROOT, 'packages', path);

/** Writes a file where `downloads()` looks first, so that it fetches nothing. */
function writeDownload(name: string, bytes: Uint8Array): void {
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(join(cacheFolder(), name), bytes);
}

const expectPng = (name: string) => expect(readFileSync(name).subarray(1, 4).toString()).toBe('PNG');

/** Trains each model module for one epoch, as the README says. */
async function trainEach(modules: readonly string[]): Promise<void> {
  const small = ['--data', 'shapes', '--limit', '100', '--epochs', '1', '--backend', 'simd'];
  // What the second example leaves to its reader.
  const omitted = '/* ... new Negate({}) ... */';
  const layers = 'tf.layers.flatten({ inputShape }), new Negate({}), tf.layers.dense({ units: classes })';
  for (const [at, code] of modules.entries()) {
    const file = `./my-cnn-${at}.mjs`;
    writeFileSync(file, code.replace(omitted, `return tf.sequential({ layers: [${layers}] });`));
    const outcome = await convlens('train', ...small, '--model', file, '--out', `runs/${at}`);
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
  }
}

const needsNothing: Entry = {};

const TABLE: Readonly<Record<string, Entry>> = {
  'README.md': {
    home: 'packages/pipeline',
    assert: (printed) => {
      const losses = (printed.at(-1)![0] as string[]).map(Number);
      expect(losses).toHaveLength(3);
      expect(losses[2]).toBeLessThan(losses[0]);
      expectPng('maps.png');
    },
  },
  'apps/cli/README.md': { use: trainEach },
  'packages/activations/README.md': needsNothing,
  'packages/augment/README.md': needsNothing,
  'packages/cifar-data/README.md': {
    prepare: () => writeDownload('test_batch.bin', makeFile(1)),
  },
  'packages/core/README.md': needsNothing,
  'packages/digits-data/README.md': {
    prepare: () => {
      writeDownload('t10k-images-idx3-ubyte', idxFile([10_000, 28, 28]));
      writeDownload('t10k-labels-idx1-ubyte', idxFile([10_000]));
    },
  },
  'packages/formats/README.md': needsNothing,
  'packages/image-set/README.md': {
    prepare: () => {
      for (const name of ['roses', 'tulips']) {
        mkdirSync(`flowers/${name}`, { recursive: true });
        copyFileSync(fixture('image-set/test/fixtures/images/rgb.jpg'), `flowers/${name}/1.jpg`);
      }
      const containers = 'image-set/test/fixtures/containers';
      copyFileSync(fixture(`${containers}/pets.zip`), 'birds.zip');
      copyFileSync(fixture(`${containers}/pets.npz`), 'mnist.npz');
    },
  },
  'packages/model-import/README.md': {
    prepare: () => {
      const shapes = readFileSync(fixture('model-import/test/fixtures/cifar10-3conv.json'), 'utf8');
      writeFileSync('cifar10-3conv.safetensors', safetensorsFile(JSON.parse(shapes).shapes));
      writeFileSync('model.keras', kerasFiles['cifar10-3conv.keras']);
      mkdirSync('graph-model');
      for (const [name, bytes] of Object.entries(graphFiles('plain')))
        writeFileSync(join('graph-model', name), bytes);
    },
  },
  'packages/models/README.md': needsNothing,
  'packages/pipeline/README.md': {
    shortened: {
      'trainRun({ settings,': 'trainRun({ settings: { ...settings, epochs: 1 },',
      "split: 'train'": "split: 'train', limit: 500",
      'document: createDocument()': "document: createDocument(), detail: 'brief'",
    },
    assert: () => expect(readFileSync('my-run/report.html', 'utf8')).toContain('<svg'),
  },
  'packages/pretrained/README.md': needsNothing,
  'packages/render-d3/README.md': {
    prepare: () => {
      document.body.innerHTML = '<div id="maps"></div><div id="images"></div>';
      vi.stubGlobal('document', document);
    },
    assert: () => {
      expect(readFileSync('report.html', 'utf8')).toContain('What conv1 learned');
    },
  },
  'packages/reproduce/README.md': {
    prepare: () => {
      for (const [name, count] of [
        ['train', 60_000],
        ['t10k', 10_000],
      ] as const) {
        writeDownload(`${name}-images-idx3-ubyte`, idxFile([count, 28, 28]));
        writeDownload(
          `${name}-labels-idx1-ubyte`,
          idxFile([count], (i) => i % 10),
        );
      }
    },
    shortened: { 'document: createDocument()': "document: createDocument(), detail: 'brief'" },
    assert: () => expect(readFileSync('runs/E/report.html', 'utf8')).toContain('<svg'),
  },
  'packages/storage/README.md': needsNothing,
  'packages/svg-to-png/README.md': { assert: () => expectPng('text.png') },
  'packages/tfjs-backend-simd/README.md': needsNothing,
  'packages/tfjs-gradients/README.md': needsNothing,
  'packages/training-callbacks/README.md': needsNothing,
  'packages/training/README.md': needsNothing,
};

const readmes = readReadmes().map((readme) => {
  const { home = dirname(readme.path), shortened = {} } = TABLE[readme.path] ?? {};
  return { ...shorten(readme, shortened), home };
});

const workingFolder = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convlens-readme-'));
  process.chdir(folder);
  // The cache of downloads is in here too, on any platform.
  for (const name of ['HOME', 'XDG_CACHE_HOME', 'LOCALAPPDATA']) vi.stubEnv(name, folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.resetModules();
  forgetBackends();
  process.chdir(workingFolder);
  rmSync(folder, { recursive: true });
});

it('every README with examples has its entry in the table, and every entry its README', () => {
  expect(readmes.map(({ path }) => path).sort()).toEqual(Object.keys(TABLE).sort());
});

describe.each(readmes.map((readme) => [readme.path, readme] as const))('%s', (path, readme) => {
  const { prepare, assert, use } = TABLE[path] ?? {};

  it('its examples run', async () => {
    prepare?.();
    if (use) return use(readme.blocks.map(({ code }) => code));
    const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
    await runExamples(readme);
    assert?.(printed.mock.calls);
  }, 120_000);

  if (use) return;
  it('its examples type-check under strict', () => {
    expect(errors().get(path)).toEqual([]);
  });
});

/** The type errors of all READMEs, by path: checked at the first call, in one program. */
let found: ReadonlyMap<string, readonly string[]> | undefined;
function errors(): ReadonlyMap<string, readonly string[]> {
  return (found ??= typeErrors(readmes.filter(({ path }) => !TABLE[path]?.use)));
}
