import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { predictions } from '@convlens/activations';
import { randomAt, UNIT_RANGE, type ImageSet } from '@convlens/core';
import { readZip } from '@convlens/formats';
import { decodeImage } from '@convlens/image-set/folder';
import { importKeras } from '@convlens/model-import';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens, filesIn } from '../convlens.js';

/** Networks that Keras wrote, see make-course-networks.py. */
const archive = new URL(
  '../../../../packages/model-import/test/fixtures/course-networks.zip',
  import.meta.url,
);
const files = new Map(readZip(readFileSync(archive), { name: 'the fixture', maxBytes: 2 ** 30 }));
const folder = mkdtempSync(join(tmpdir(), 'convlens-evaluate-'));
const at = (...names: string[]) => join(folder, ...names);
const EACH = 6;

/** A folder of PNG files of noise, brighter for higher classes, and its test images as the model reads them. */
function writeImages(name: string, { classNames, size }: { classNames: string[]; size: number }): ImageSet {
  const images = classNames.flatMap((className, level) => {
    for (const split of ['train', 'test']) mkdirSync(at(name, split, className), { recursive: true });
    return Array.from({ length: EACH }, (_, i) => {
      const random = randomAt(7, name, level, i);
      const data = Uint8Array.from({ length: size * size * 3 }, () => 12 * level + 90 * random() + 8 * i);
      const bytes = encode({ width: size, height: size, channels: 3, depth: 8, data });
      for (const split of ['train', 'test']) writeFileSync(at(name, split, className, `${i}.png`), bytes);
      return decodeImage(bytes, { name: className }).pixels;
    });
  });
  return {
    ...{ kind: 'image-set', name, count: images.length, height: size, width: size, channels: 3, classNames },
    pixels: Uint8Array.from(images.flatMap((pixels) => [...pixels])),
    labels: Int32Array.from(images, (_, i) => Math.floor(i / EACH)),
  };
}

/** The probabilities that a network computes of images in their order, and the labels. */
async function scoresOf(network: string, images: ImageSet) {
  const { model } = await importKeras(files.get(network)!, { fileName: network });
  const rows = await predictions(model, images, { preprocessing: UNIT_RANGE });
  model.dispose();
  return rows.map(({ probabilities, label }) => ({ probabilities, label: label! }));
}

/** The probability that an image of the class has a higher score than another one, ties counted half. */
function pairwiseArea(positives: readonly number[], negatives: readonly number[]): number {
  const wins = positives.flatMap((p) => negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

const simd = ['--backend', 'simd', '--pixels', '0..1'];
const evaluateJson = async (...args: string[]) => {
  const { status, stdout, stderr } = await convlens('evaluate', ...args, ...simd, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const events = stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
  return events.slice(events.findIndex(({ event }) => event === 'evaluation'));
};

/** Areas and precision-recall sums of a class, from every pair and every threshold. */
function expectedAreas(scores: readonly number[], isOfClass: readonly boolean[]) {
  const positives = scores.filter((_, i) => isOfClass[i]);
  const negatives = scores.filter((_, i) => !isOfClass[i]);
  const thresholds = [...new Set(scores)].sort((a, b) => b - a);
  const count = (values: readonly number[], threshold: number) => values.filter((p) => p >= threshold).length;
  let [averagePrecision, recall] = [0, 0];
  for (const threshold of thresholds) {
    const [truePositives, falsePositives] = [count(positives, threshold), count(negatives, threshold)];
    const nextRecall = truePositives / positives.length;
    averagePrecision += ((nextRecall - recall) * truePositives) / (truePositives + falsePositives);
    recall = nextRecall;
  }
  return { auc: pairwiseArea(positives, negatives), averagePrecision };
}

const binary = 'cats-and-dogs.keras';
const ten = 'cnn-tutorial.keras';
const tags = 'multi-label.keras';
const TEN = [...'0123456789'];
const TAGS = ['a', 'b', 'c', 'd', 'e'];
let sets: Record<string, ImageSet>;

beforeAll(() => {
  for (const name of [binary, ten, tags]) writeFileSync(at(name), files.get(name)!);
  sets = {
    [binary]: writeImages('pets', { classNames: ['cat', 'dog'], size: 24 }),
    [ten]: writeImages('digits', { classNames: TEN, size: 32 }),
    [tags]: writeImages('tagged', { classNames: TAGS, size: 24 }),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('convlens evaluate of two classes', () => {
  it('prints AUC and average precision, those of the definition', async () => {
    const rows = await scoresOf(binary, sets[binary]);
    const expected = [0, 1].map((c) =>
      expectedAreas(
        rows.map(({ probabilities }) => probabilities[c]),
        rows.map(({ label }) => label === c),
      ),
    );
    const [{ metrics }] = await evaluateJson(at(binary), '--data', at('pets'));
    for (const c of [0, 1]) {
      expect(metrics.auc[c]).toBeCloseTo(expected[c].auc, 9);
      expect(metrics.averagePrecision[c]).toBeCloseTo(expected[c].averagePrecision, 9);
    }
    const { stdout } = await convlens('evaluate', at(binary), '--data', at('pets'), ...simd);
    const { auc, averagePrecision } = expected[1];
    expect(stdout).toContain(
      `dog: AUC ${auc.toFixed(3)}, average precision ${averagePrecision.toFixed(3)}\n`,
    );
    expect(stdout).toMatch(/class +precision +recall +F1 +AUC +average precision +images\n +cat /);
  });

  it.each([0, 0.2, 0.5, 0.9, 1])('predicts the second class from --threshold %s on', async (threshold) => {
    const rows = await scoresOf(binary, sets[binary]);
    const counts = [0, 0, 0, 0];
    for (const { probabilities, label } of rows) counts[2 * label + Number(probabilities[1] >= threshold)]++;
    const args = [at(binary), '--data', at('pets'), '--threshold', String(threshold)];
    const [evaluation] = await evaluateJson(...args);
    expect(evaluation.confusion.flat()).toEqual(counts);
    expect(evaluation.accuracy).toBeCloseTo((counts[0] + counts[3]) / rows.length, 9);
    expect(evaluation.threshold).toBe(threshold);
    expect(evaluation.name).toMatch(`, threshold ${threshold}`);
  });

  it('writes the confusion matrix and the curves with --out, again too', async () => {
    const args = [at(binary), '--data', at('pets'), '--out', at('figures'), '--threshold', '0.4'];
    for (let time = 1; time <= 2; time++) {
      const [, ...figures] = await evaluateJson(...args);
      expect(figures.map(({ event, name }) => [event, name])).toEqual([
        ['figure', 'confusion_matrix'],
        ['figure', 'roc_curves'],
        ['figure', 'precision_recall_curves'],
      ]);
    }
    expect(filesIn(at('figures'))).toHaveLength(6);
    expect(readFileSync(at('figures', 'roc_curves.svg'), 'utf8')).toContain('threshold 0.4');
  });
});

describe('convlens evaluate of ten classes', () => {
  it('prints the fraction of images whose label is among the five most probable classes', async () => {
    const rows = await scoresOf(ten, sets[ten]);
    const isAmongFive = ({ probabilities, label }: (typeof rows)[number]) =>
      probabilities.filter((p, c) => p > probabilities[label] || (p === probabilities[label] && c < label))
        .length < 5;
    const expected = rows.filter(isAmongFive).length / rows.length;
    const [{ topFiveAccuracy }] = await evaluateJson(at(ten), '--data', at('digits'));
    expect(topFiveAccuracy).toBeCloseTo(expected, 9);
    const { stdout } = await convlens('evaluate', at(ten), '--data', at('digits'), ...simd);
    expect(stdout).toContain(`\ntop-5 accuracy ${(100 * expected).toFixed(2)}%\n`);
  });

  it('has the areas of each class against all others', async () => {
    const rows = await scoresOf(ten, sets[ten]);
    const [{ metrics }] = await evaluateJson(at(ten), '--data', at('digits'));
    for (const c of TEN.keys()) {
      const scores = rows.map(({ probabilities }) => probabilities[c]);
      const isOfClass = rows.map(({ label }) => label === c);
      expect(metrics.auc[c]).toBeCloseTo(expectedAreas(scores, isOfClass).auc, 9);
    }
  });

  it('refuses a threshold and targets, before anything is written', async () => {
    const data = ['--data', at('digits'), '--out', at('refused'), ...simd];
    expect(await convlens('evaluate', at(ten), '--threshold', '0.5', ...data)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Expected no threshold for a model of 10 classes'),
    });
    writeFileSync(at('rows.json'), JSON.stringify(Array.from({ length: 60 }, () => TEN.map(() => 1))));
    expect(await convlens('evaluate', at(ten), '--targets', at('rows.json'), ...data)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Expected a model with one sigmoid for each of several classes'),
    });
    expect(existsSync(at('refused', 'roc_curves.svg'))).toBe(false);
  });
});

describe('convlens evaluate of several labels', () => {
  /** Each image is of its folder's class, and of the next ones for higher numbers. */
  const targets = TAGS.flatMap((_, level) =>
    Array.from({ length: EACH }, (_, i) => TAGS.map((_, c) => Number(c >= level && c <= level + (i % 3)))),
  );
  const npy = (shape: readonly number[], dtype: string, data: Uint8Array) => {
    const sizes = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
    const header = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${sizes}, }`.padEnd(117) + '\n';
    return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(header), data]);
  };

  it('prints metrics and areas of each class by --targets', async () => {
    const rows = await scoresOf(tags, sets[tags]);
    writeFileSync(at('targets.json'), JSON.stringify(targets));
    const args = [at(tags), '--data', at('tagged'), '--out', at('tags'), '--threshold', '0.45', '--targets'];
    const [evaluation, ...figures] = await evaluateJson(...args, at('targets.json'));
    for (const c of TAGS.keys()) {
      const scores = rows.map(({ probabilities }) => probabilities[c]);
      const isOfClass = targets.map((row) => row[c] === 1);
      const { auc, averagePrecision } = expectedAreas(scores, isOfClass);
      expect(evaluation.auc[c]).toBeCloseTo(auc, 9);
      expect(evaluation.averagePrecision[c]).toBeCloseTo(averagePrecision, 9);
      const predicted = scores.map((score) => score >= 0.45);
      const hits = predicted.filter((one, i) => one && isOfClass[i]).length;
      expect(evaluation.recall[c]).toBeCloseTo(hits / evaluation.support[c], 9);
      expect(evaluation.support[c]).toBe(isOfClass.filter(Boolean).length);
    }
    expect(figures.map(({ name }) => name)).toEqual(['roc_curves', 'precision_recall_curves']);
    const values = targets.flat();
    for (const [dtype, data] of [
      ['|b1', Uint8Array.from(values)],
      ['<i8', new Uint8Array(BigInt64Array.from(values, BigInt).buffer)],
      ['<f4', new Uint8Array(Float32Array.from(values).buffer)],
      ['<f8', new Uint8Array(Float64Array.from(values).buffer)],
      ['>i2', Uint8Array.from(values.flatMap((value) => [0, value]))],
    ] as const) {
      writeFileSync(at('targets.npy'), npy([30, 5], dtype, data));
      expect((await evaluateJson(...args, at('targets.npy')))[0]).toEqual(evaluation);
    }
  });

  it('evaluates images of one class each without targets, and says that classes have probabilities of their own', async () => {
    const args = ['evaluate', at(tags), '--data', at('tagged'), ...simd];
    const { stdout } = await convlens(...args);
    expect(stdout).toContain('Each class has a probability of its own (sigmoids). Predicted from 0.5 on');
    const [{ multiLabelMetrics }] = await evaluateJson(
      at(tags),
      '--data',
      at('tagged'),
      '--threshold',
      '0.6',
    );
    expect(multiLabelMetrics.threshold).toBe(0.6);
    expect(multiLabelMetrics.support).toEqual(TAGS.map(() => EACH));
  });

  it.each<[string, string | Buffer, string]>([
    [
      'fewer.json',
      JSON.stringify(targets.slice(1)),
      'a row for each of the 30 images, images x classes, got 29 x 5',
    ],
    [
      'narrow.json',
      JSON.stringify(targets.map((row) => row.slice(1))),
      'Expected targets of 30 images x 5 classes',
    ],
    [
      'two.json',
      JSON.stringify(targets.map((row) => row.map((value) => 2 * value))),
      'Expected targets of 0 and 1, got 2',
    ],
    ['ragged.json', '[[1, 0], [1]]', 'to hold lists of numbers, all of the same length'],
    ['text.json', '[["cat"]]', 'to hold lists of numbers'],
    ['object.json', '{}', 'to hold lists of numbers'],
    ['broken.json', '[[1,', 'to be JSON'],
    ['broken.npy', 'no array', 'expected a .npy file'],
    ['strings.npy', npy([1, 1], '<U1', new Uint8Array(4)), 'to hold numbers, got elements of type <U1'],
    ['labels.csv', '1,0', 'Expected --targets to name a .npy or .json file of numbers'],
  ])('refuses --targets %s', async (name, content, message) => {
    writeFileSync(at(name), content);
    const args = ['evaluate', at(tags), '--data', at('tagged'), '--targets', at(name), ...simd];
    expect(await convlens(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
  });
});
