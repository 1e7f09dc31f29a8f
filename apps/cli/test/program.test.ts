import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens, filesIn } from './convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-cli-'));
const at = (...names: string[]) => join(folder, ...names);
const small = [
  '--data',
  'shapes',
  '--limit',
  '60',
  '--epochs',
  '2',
  '--batch-size',
  '30',
  '--backend',
  'simd',
];

beforeAll(async () => {
  // No downloads, also on a machine with a network.
  process.env.CONVLENS_OFFLINE = '1';
  const { status, stderr } = await convlens('train', ...small, '--model', 'shapes-3conv', '--out', at('run'));
  expect(stderr).toBe('');
  expect(status).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('convlens', () => {
  it('trains into a run folder', () => {
    expect(filesIn(at('run'))).toEqual([
      'checkpoint/0001.checkpoint',
      'checkpoint/0002.checkpoint',
      'history.csv',
      'history.json',
      'model/model.json',
      'model/weights.bin',
      'run.json',
      'summary.json',
    ]);
    const { settings, backend } = JSON.parse(readFileSync(at('run', 'run.json'), 'utf8'));
    expect(settings).toMatchObject({ data: 'shapes', limit: 60, epochs: 2, batchSize: 30, seed: 1 });
    expect(backend).toMatch(/^simd \(TensorFlow\.js \d/);
  });

  it('evaluates a run and saves the result', async () => {
    const { status, stdout } = await convlens('evaluate', at('run'), '--backend', 'simd', '--json');
    expect(status).toBe(0);
    const { event, accuracy, balancedAccuracy, count, confusion, metrics } = JSON.parse(stdout);
    expect([event, count]).toEqual(['evaluation', 1000]);
    // Each class has images: the weighted recall is the accuracy, and the mean recall the balanced accuracy.
    expect(metrics.support.reduce((sum: number, images: number) => sum + images)).toBe(1000);
    expect(metrics.weighted.recall).toBeCloseTo(accuracy, 12);
    expect(metrics.macro.recall).toBeCloseTo(balancedAccuracy, 12);
    const correct = confusion.reduce((sum: number, row: number[], i: number) => sum + row[i], 0);
    expect(accuracy).toBeCloseTo(correct / 1000, 12);
    const { epoch, test } = JSON.parse(readFileSync(at('run', 'evaluation.json'), 'utf8'));
    expect(test.accuracy).toBe(accuracy);
    expect(epoch).toBe(JSON.parse(readFileSync(at('run', 'summary.json'), 'utf8')).best.epoch);
  });

  it('evaluates with test-time augmentation by --tta, and names it', async () => {
    const evaluation = readFileSync(at('run', 'evaluation.json'));
    const args = ['evaluate', at('run'), '--tta', 'flips', '--backend', 'simd', '--json'];
    const { name, count, loss } = JSON.parse((await convlens(...args)).stdout);
    expect([name, count]).toEqual([expect.stringMatching(/test-time augmentation flips$/), 1000]);
    expect(loss).not.toBe(JSON.parse(evaluation.toString()).test.loss);
    writeFileSync(at('run', 'evaluation.json'), evaluation);
  });

  it('lists layers', async () => {
    const { stdout } = await convlens('layers', at('run'), '--backend', 'simd');
    expect(stdout).toMatch(/conv2 +Conv2D +16 x 16 x 32 +4,640/);
    expect(stdout).toContain('89,834 parameters');
  });

  it('explains with each method and renders the figures', async () => {
    const explain = async (...args: string[]) => {
      const command = ['explain', at('run'), ...args, '--out', at('explained'), '--backend', 'simd'];
      const { status, stdout, stderr } = await convlens(...command);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      return stdout.trim().split('\n').map((line) => line.replace(at('explained'), '')); // prettier-ignore
    };
    expect(await explain('--method', 'kernels')).toEqual(['/kernels_conv1.png']);
    expect(
      await explain('--method', 'feature-maps', '--layer', 'relu3', '--index', '7', '--filters', '0,63'),
    ).toEqual(['/feature_maps_relu3_7.png']);
    const [disc, star] = await explain('--method', 'grad-cam', '--classes', 'disc,star', '--nth', '1');
    expect([disc, star].every((name) => /^\/grad-cam_\d+\.png$/.test(name))).toBe(true);
    expect(await explain('--method', 'top-activations', '--filters', '3')).toEqual([
      '/top_activations_relu2_3.png',
    ]);
    expect((await explain('--method', 'statistics')).map((line) => line.split(' ')[0])).toEqual([
      ...['layer', 'relu1', 'relu2', 'relu3'],
    ]);
    const png = readFileSync(at('explained', 'kernels_conv1.png'));
    expect([...png.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  });

  it('trains a model of a module that does not import TensorFlow.js', async () => {
    writeFileSync(
      at('my-cnn.mjs'),
      `export default ({ tf, inputShape, classes }) => tf.sequential({ layers: [
        tf.layers.conv2d({ inputShape, filters: 4, kernelSize: 3, activation: 'relu', name: 'conv' }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units: classes }),
      ] });`,
    );
    const out = ['--out', at('mine')];
    expect(await convlens('train', ...small, '--model', at('my-cnn.mjs'), ...out)).toMatchObject({
      status: 0,
    });
    const resume = ['train', ...out, '--resume', '--epochs', '3', '--backend', 'simd'];
    const refused = await convlens(...resume);
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining('If you trust it, add --model my-cnn.mjs'),
    ]);
    writeFileSync(at('moved.mjs'), readFileSync(at('my-cnn.mjs')));
    const resumed = await convlens(...resume, '--model', at('moved.mjs'));
    expect(resumed).toMatchObject({ status: 0 });
    expect(JSON.parse(readFileSync(at('mine', 'history.json'), 'utf8'))).toHaveLength(3);
    writeFileSync(at('moved.mjs'), `${readFileSync(at('my-cnn.mjs'), 'utf8')} // changed`);
    const changed = await convlens(...resume, '--model', at('moved.mjs'));
    expect([changed.status, changed.stderr]).toEqual([
      2,
      expect.stringContaining('to be the module that this run was trained with (SHA-256'),
    ]);
    const brief = ['--detail', 'brief', '--backend', 'simd'];
    expect((await convlens('report', at('mine'), ...brief)).status).toBe(0);
  }, 120_000);
});

describe('bad input ends with exit status 2 and a helpful message, and leaves no files', () => {
  const RECORDS = 10_000 * 3073;
  beforeAll(() => {
    mkdirSync(at('empty'));
    mkdirSync(at('short'));
    mkdirSync(at('label'));
    for (const name of ['data_batch_1.bin', 'test_batch.bin']) {
      writeFileSync(at('short', name), new Uint8Array(1000));
      writeFileSync(at('label', name), new Uint8Array(RECORDS).fill(10, 5 * 3073, 5 * 3073 + 1));
    }
    writeFileSync(at('broken.mjs'), 'export default 3;');
    cpSync(at('run'), at('damaged'), { recursive: true });
    writeFileSync(at('damaged', 'history.json'), '[null]');
  });

  const train = (...args: string[]) => ['train', ...args, '--backend', 'simd', '--out', at('out')];
  const cifar = (dir: string) =>
    train('--data', 'cifar10', '--limit', '100', '--model', 'shapes-3conv', '--data-dir', at(dir));
  it.each<[string, string[], RegExp]>([
    ['a folder without the data', cifar('empty'), /data_batch_1\.bin.*empty.*cifar-10-binary\.tar\.gz/s],
    ['a file of the wrong length', cifar('short'), /data_batch_1\.bin.*30,?730,?000.*1,?000/s],
    ['a label above 9', cifar('label'), /data_batch_1\.bin.*label.*9.*10/s],
    [
      'an unknown data set',
      train('--data', 'imagenet', '--model', 'shapes-3conv'),
      /one of shapes, cifar10, .*got "imagenet"/,
    ],
    ['an unknown model', train(...small, '--model', 'vgg'), /one of cifar10-bn-6conv,.*got "vgg"/],
    [
      'a module without a function',
      train(...small, '--model', at('broken.mjs')),
      /default export of .* to be a function/,
    ],
    ['a missing module', train(...small, '--model', at('nothing.mjs')), /found no file .*nothing\.mjs/],
    ['an unknown recipe', train('--recipe', 'Z'), /one of shapes, cifar10-fast, .*A, B,.*got "Z"/],
    ['no model', train('--data', 'shapes'), /Expected --model/],
    [
      'text in place of a number',
      train(...small, '--model', 'shapes-3conv', '--lr', 'fast'),
      /Expected a number, got "fast" \(option --lr\)/,
    ],
    [
      'no epochs',
      train('--recipe', 'shapes', '--epochs', '0'),
      /Expected epochs to be an integer >= 1, got 0/,
    ],
    [
      'an unknown augmentation step',
      train('--recipe', 'shapes', '--augment', 'flip,spin=3'),
      /flip.*got "spin"/s,
    ],
    ['an unknown split', train('--recipe', 'shapes', '--validation', 'some'), /first:0\.1/],
    [
      'an unknown backend',
      ['train', '--recipe', 'shapes', '--backend', 'tpu', '--out', at('out')],
      /one of auto, simd, node, cpu, got "tpu"/,
    ],
    [
      'a folder that holds a run',
      ['train', '--recipe', 'shapes', '--backend', 'simd', '--out', at('run')],
      /found a run in .*: resume it/,
    ],
    ['nothing to resume', train('--recipe', 'shapes', '--resume'), /found no run\.json/],
    [
      'other settings for a resumed run',
      ['train', '--out', at('run'), '--resume', '--batch-size', '7'],
      /batchSize to be 30.*got 7/,
    ],
    [
      'a folder that is not a run',
      ['evaluate', at('empty')],
      /Expected a run folder \(run\.json\) or a model folder/,
    ],
    ['a missing folder', ['report', at('nowhere')], /Expected a run folder/],
    [
      'an unknown layer',
      ['explain', at('run'), '--method', 'feature-maps', '--layer', 'conv9'],
      /conv9.*conv1|conv1.*conv9/s,
    ],
    [
      'an unknown class',
      ['explain', at('run'), '--method', 'grad-cam', '--classes', 'cat'],
      /one of disc, ring.*got "cat"/,
    ],
    ['an unknown method', ['explain', at('run'), '--method', 'magic'], /one of feature-maps,.*got "magic"/],
    ['a missing filter', ['explain', at('run'), '--method', 'top-activations', '--filters', '99'], /99/],
    [
      'filters that are not numbers',
      ['explain', at('run'), '--method', 'kernels', '--filters', 'a,b'],
      /such as 0,10,25, top:32 or all/,
    ],
    [
      'a missing image',
      ['explain', at('run'), '--method', 'saliency', '--index', '1000'],
      /index to be an integer from 0 to 999, got 1000/,
    ],
    [
      'a recipe for a resumed run',
      ['train', '--out', at('run'), '--resume', '--recipe', 'A'],
      /--recipe does not apply with --resume/,
    ],
    [
      'another model for a resumed run',
      ['train', '--out', at('run'), '--resume', '--model', at('my-cnn.mjs')],
      /model to be shapes-3conv/,
    ],
    [
      'a layer for a method without layers',
      ['explain', at('run'), '--method', 'saliency', '--layer', 'conv1'],
      /no layer/,
    ],
    [
      'an index and classes',
      ['explain', at('run'), '--method', 'saliency', '--index', '3', '--nth', '2'],
      /got both/,
    ],
    [
      'a folder that is a file',
      ['train', '--recipe', 'shapes', '--limit', '100', '--backend', 'simd', '--out', at('broken.mjs')],
      /Cannot write .*broken\.mjs: /,
    ],
    ['a damaged history', ['report', at('damaged')], /history\.json to hold an object as \[0\], got null/],
    ['an unknown list', ['list', 'colors'], /one of models, recipes/],
    ['an unknown command', ['trian'], /Expected a command, one of run, list.*got "trian"/],
    ['an unknown option', ['list', '--fast'], /unknown option '--fast'/],
    ['a missing option', ['train', '--data', 'shapes'], /--out/],
  ])('%s', async (_, args, message) => {
    const before = filesIn(folder);
    const { status, stderr } = await convlens(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(filesIn(folder)).toEqual(before);
  });
});
