import { writeFileSync } from 'node:fs';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { compareWithKeras, courseNetworks, readCourseFile, type CourseNetwork } from './course-networks.js';

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

/** A file of weights only needs the architecture beside it. */
const optionsOf = (name: string, fileName: string) =>
  fileName.endsWith('.weights.h5')
    ? { fileName, architecture: new TextDecoder().decode(readCourseFile(`${name}.architecture.json`)) }
    : { fileName };

/** One row for each file: the largest relative differences of predictions, layers and gradients. */
const rows: string[] = [];
const PARTS = ['predictions', 'layers', 'gradients'] as const;

afterAll(() => {
  const { COURSE_NETWORKS_TABLE: table } = process.env;
  if (table !== undefined) writeFileSync(table, `${rows.join('\n')}\n`);
});

/** Images without a channel. */
const PENDING = ['quickstart.keras', 'quickstart.h5'];

const cases = Object.entries(courseNetworks).flatMap(([name, network]) =>
  network.files.map((fileName): [string, string, CourseNetwork] => [fileName, name, network]),
);

it('there are at least 20 networks in both formats', () =>
  expect(cases.filter(([fileName]) => !fileName.endsWith('.weights.h5')).length).toBeGreaterThanOrEqual(40));

describe('a network as courses make them computes what it does in Keras: predictions, layers, gradients', () => {
  it.each(cases.filter(([fileName]) => !PENDING.includes(fileName)))(
    '%s',
    async (fileName, name, network) => {
      const { model } = await importKeras(readCourseFile(fileName), optionsOf(name, fileName));
      expect(model.countParams()).toBe(network.parameters);
      const comparisons = await compareWithKeras(network, model);
      const worst = (part: string) =>
        Math.max(0, ...comparisons.filter((each) => each.part === part).map(({ error }) => error));
      rows.push([fileName, ...PARTS.map((part) => worst(part).toExponential(1))].join(' | '));
      expect(comparisons.filter(({ error }) => !(error <= 1e-5))).toEqual([]);
      model.dispose();
    },
  );
});
