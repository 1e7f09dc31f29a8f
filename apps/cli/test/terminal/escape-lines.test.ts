import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UNIT_RANGE } from '@convlens/core';
import { saveModel } from '@convlens/models';
import { folderStore } from '@convlens/storage/node';
import * as tf from '@tensorflow/tfjs';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { escapeLines, escapeMessage } from '../../src/terminal/escape-lines.js';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-names-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

/** Names that clear the screen, set a color, reverse the text and begin a line. */
const HOSTILE = ['a\u001b[2J', 'b\u009b31m', 'c\u202egnp', 'd\u007f\u0007', 'e\nconvlens: done'];
const ESCAPED = [
  String.raw`a\u001b[2J`,
  String.raw`b\u009b31m`,
  String.raw`c\u202egnp`,
  String.raw`d\u007f\u0007`,
  String.raw`e\u000aconvlens: done`,
];

/** What a terminal would obey; the line feeds of the program are left. */
const CONTROLS = /[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069]/u;

beforeAll(async () => {
  process.env.CONVLENS_OFFLINE = '1';
  const png = encode({ width: 4, height: 4, channels: 3, data: new Uint8Array(48).fill(9) });
  for (const name of HOSTILE) {
    mkdirSync(at('images', name), { recursive: true });
    for (const i of [1, 2, 3, 4, 5]) writeFileSync(at('images', name, `${i}${HOSTILE[0]}.png`), png);
  }
  const model = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [32, 32, 3] }), tf.layers.dense({ name: 'last', units: 5 })],
  });
  await saveModel(model, folderStore(at('model')), { preprocessing: UNIT_RANGE, classNames: HOSTILE });
  model.dispose();
  // TensorFlow.js refuses such names of layers: they are in messages only.
  const json = readFileSync(at('model/model.json'), 'utf8');
  for (const [i, name] of HOSTILE.entries()) {
    mkdirSync(at(`layer${i}`));
    writeFileSync(at(`layer${i}/model.json`), json.replaceAll('"last"', JSON.stringify(name)));
    writeFileSync(at(`layer${i}/weights.bin`), readFileSync(at('model/weights.bin')));
  }
});

describe('the terminal gets no control character', () => {
  const cases: readonly (readonly [args: readonly string[], status: number])[] = [
    [['data', at('images')], 0],
    [['evaluate', at('model'), '--data', at('images'), '--backend', 'cpu'], 0],
    ...HOSTILE.map((_, i) => [['layers', at(`layer${i}`), '--backend', 'cpu'], 2] as const),
    [['layers', at(`none${HOSTILE[1]}${HOSTILE[4]}`), '--backend', 'cpu'], 2],
    [['import', at(`none${HOSTILE[2]}.keras`), '--out', at('out')], 2],
    [['data', at('images'), `--${HOSTILE[0]}`], 2],
    [['explain', at('model'), '--image', at(`none${HOSTILE[0]}`), '--method', 'saliency'], 2],
  ];

  it.each(cases)('from convlens %j', async (args, expectedStatus) => {
    for (const json of [[], ['--json']]) {
      const { status, stdout, stderr } = await convlens(...args, ...json);
      const printed = stdout + escapeMessage(stderr);
      expect([stderr, status]).toEqual([expectedStatus === 0 ? '' : expect.any(String), expectedStatus]);
      expect(printed).not.toBe('');
      expect(printed).not.toMatch(CONTROLS);
      expect(printed).not.toMatch(/^convlens: done/m);
    }
  });

  it('but the escaped names, whole', async () => {
    const { stdout } = await convlens('data', at('images'));
    for (const name of ESCAPED) expect(stdout).toContain(name);
    const json = await convlens('data', at('images'), '--json');
    const [event] = json.stdout
      .split('\n')
      .map((line) => JSON.parse(line || '{}'))
      .filter(({ event }) => event === 'data');
    expect(event.classNames).toEqual(HOSTILE);
  });
});

describe('escapeLines and escapeMessage', () => {
  it('keep line feeds; a message indents its further lines', () => {
    expect(escapeLines('a\u001b\nb')).toBe('a\\u001b\nb');
    expect(escapeMessage('convlens: a\u001b\nb')).toBe('convlens: a\\u001b\n  b');
  });

  it('keep the value of JSON', () => {
    const value = { [HOSTILE[0]]: HOSTILE.join('\u2028') };
    expect(JSON.parse(escapeLines(JSON.stringify(value)))).toEqual(value);
  });
});

describe.skipIf(process.platform === 'win32')('a pipe or a device as input is refused at once', () => {
  beforeAll(() => {
    for (const name of ['a.keras', 'a.png', 'a.mjs', 'model.json']) execFileSync('mkfifo', [at(name)]);
    mkdirSync(at('fifo-model'));
    execFileSync('mkfifo', [at('fifo-model/model.json')]);
    mkdirSync(at('zero-model'));
    symlinkSync('/dev/zero', at('zero-model/model.json'));
  });

  it.each([
    ['a Keras file', ['import', at('a.keras'), '--out', at('out')], 'a regular file, got a pipe'],
    [
      '--image',
      ['explain', at('model'), '--image', at('a.png'), '--method', 'saliency'],
      'a regular file, got a pipe',
    ],
    [
      'a device as --image',
      ['explain', at('model'), '--image', '/dev/zero', '--method', 'saliency'],
      'a regular file, got a device',
    ],
    [
      'a folder as --image',
      ['explain', at('model'), '--image', at('images'), '--method', 'saliency'],
      'a regular file, got a folder',
    ],
    ['a model folder', ['layers', at('fifo-model')], 'a regular file, got a pipe'],
    ['a link in a model folder', ['layers', at('zero-model')], 'a link to "/dev/zero"'],
    [
      'a model module',
      ['train', '--model', at('a.mjs'), '--data', 'shapes', '--out', at('run')],
      'a regular file, got a pipe',
    ],
  ])('%s', async (_, args, message) => {
    const { status, stderr } = await convlens(...args, '--backend', 'cpu');
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
