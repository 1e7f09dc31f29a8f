import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readZip } from '@convlens/formats';
import { defaultClassNames, isInputError, randomAt, UNIT_RANGE, type ImageSet } from '@convlens/core';
import { scoresOf } from '@convlens/activations';
import { importKeras } from '@convlens/model-import';
import { formatSummary, summarizeModel } from '@convlens/models';
import { evaluateOpenModel, explain, EXPLAIN_METHODS, type OpenModel } from '@convlens/pipeline';
import { serialize } from '@convlens/render-d3';
import { createDocument } from '@convlens/render-d3/node';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { encode } from 'fast-png';
import { beforeAll, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

/** The networks of make-course-networks.py: the small ones, or those of `full DIR` where COURSE_NETWORKS is DIR. */
const folder = process.env.COURSE_NETWORKS;
const archive = new URL(
  '../../../../packages/model-import/test/fixtures/course-networks.zip',
  import.meta.url,
);
const files: ReadonlyMap<string, () => Uint8Array> =
  folder === undefined
    ? new Map(
        [...readZip(readFileSync(archive), { name: 'the fixture', maxBytes: 2 ** 30 })].map(
          ([name, bytes]) => [name, () => bytes],
        ),
      )
    : new Map(
        readdirSync(folder).map((name) => [name, () => new Uint8Array(readFileSync(join(folder, name)))]),
      );
const only = process.env.COURSE_NETWORKS_ONLY?.split(',');
const names = [...files.keys()]
  // The small networks are the same in both formats.
  .filter((name) => (folder === undefined ? /\.keras$/ : /(?<!\.weights)\.(keras|h5)$/).test(name))
  .filter((name) => !only || only.some((each) => name.startsWith(`${each}.`)))
  .sort();

/** Methods that take long for large networks, and are not run; the small ones skip the slowest. */
const skipped = (process.env.COURSE_NETWORKS_SKIP ?? 'sanity-check').split(',');

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

/** Images of noise in the size of the first input, two of each class. */
function noise(model: tf.LayersModel, classCount: number): ImageSet {
  const [, height, width, channels = 1] = model.inputs[0].shape as number[];
  const count = 2 * classCount;
  const random = randomAt(3, 'course networks');
  const pixels = Uint8Array.from({ length: count * height * width * channels }, () => random() * 256);
  const labels = Int32Array.from({ length: count }, (_, i) => i % classCount);
  const classNames = defaultClassNames(classCount);
  return { kind: 'image-set', name: 'noise', pixels, labels, count, height, width, channels, classNames };
}

/** "ok", or why not: a refusal in one sentence, or a fault. */
async function outcomeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'ok';
  } catch (error) {
    const { message, stack } = error as Error;
    return isInputError(error) ? `refused: ${message}` : `FAULT: ${stack?.slice(0, 600) ?? message}`;
  }
}

function classCountOf({ model, output }: OpenModel): number {
  try {
    return Math.max(1, scoresOf(model, { output }).classCount);
  } catch {
    return 2;
  }
}

/** What each method does with a model, by method. */
async function outcomes(opened: OpenModel): Promise<Record<string, string>> {
  const document = createDocument();
  const images = noise(opened.model, classCountOf(opened));
  const results: Record<string, string> = {
    evaluate: await outcomeOf(() => evaluateOpenModel(opened, images)),
  };
  for (const { id, options } of EXPLAIN_METHODS.filter(({ id }) => !skipped.includes(id)))
    results[id] = await outcomeOf(async () => {
      const selection = options.includes('nth') ? { classes: images.classNames.slice(0, 1), nth: 1 } : {};
      const { figures, table } = await explain(opened, { method: id, images, ...selection });
      for (const { render } of figures) serialize(render({ document }));
      expect(figures.length + (table ? 1 : 0)).toBeGreaterThan(0);
    });
  return results;
}

const rows: string[] = [];

it.each(names)(
  '%s: every method ends right, or in a sentence',
  async (name) => {
    const { model, preprocessing = UNIT_RANGE } = await importKeras(files.get(name)!(), { fileName: name });
    const layers = await outcomeOf(() => formatSummary(summarizeModel(model)));
    expect(layers).toBe('ok');
    const outputs = model.outputs.length > 1 ? [undefined, ...model.outputs.keys()] : [undefined];
    for (const output of outputs) {
      const results = await outcomes({ model, preprocessing, ...(output !== undefined && { output }) });
      const refused = Object.entries(results).filter(([, outcome]) => outcome !== 'ok');
      const okCount = Object.keys(results).length - refused.length;
      const title = output === undefined ? name : `${name} output ${output}`;
      rows.push([title, preprocessing === UNIT_RANGE ? 'unit?' : 'own', `ok ${okCount}`].join(' | '));
      for (const [id, outcome] of refused) rows.push(`    ${id}: ${outcome}`);
      expect.soft(refused.filter(([, outcome]) => outcome.startsWith('FAULT'))).toEqual([]);
    }
    if (process.env.COURSE_NETWORKS_TABLE)
      writeFileSync(process.env.COURSE_NETWORKS_TABLE, `${rows.join('\n')}\n`);
    model.dispose();
  },
  600_000,
);

it('the command line shows the first 64 of many filters, with a warning', async () => {
  const out = mkdtempSync(join(tmpdir(), 'convlens-filters-'));
  const image = join(out, 'gray.png');
  const pixels = new Uint8Array(32 * 32 * 3).fill(128);
  writeFileSync(image, encode({ width: 32, height: 32, channels: 3, depth: 8, data: pixels }));
  const flags = [
    '--method',
    'kernels',
    '--layer',
    'conv3_1',
    '--image',
    image,
    '--out',
    join(out, 'figures'),
  ];
  const { status, stderr } = await convlens('explain', 'pretrained:cifar10-bn-6conv', ...flags);
  expect(stderr).toContain(
    'The first 64 of the 128 filters of conv3_1 are shown: choose filters by index (0,10,25), the strongest (top:32), or all\n',
  );
  expect(status).toBe(0);
  const svg = readFileSync(join(out, 'figures/kernels_conv3_1.svg'), 'utf8');
  expect(svg).toContain('The first 64 of 128 filters');
  rmSync(out, { recursive: true });
});
