// Trains through the command line, kills the process with SIGKILL at random (seeded) moments, resumes it each time, and
// compares the result with an uninterrupted run: the weights of the model, the numbers of the last checkpoint (including
// the state of the optimizer and the callbacks), and the history without the seconds. Prints one JSON line; the exit
// status is 1 if anything differs.
//
//     npx turbo build && node apps/cli/scripts/kill-and-resume.js [--kills 10] [--seed 1] [-- ARGUMENTS OF convlens train]
//
// Without arguments it trains a small model on 64 generated shapes, which takes seconds. The longer version:
//
//     node apps/cli/scripts/kill-and-resume.js --kills 30 -- --recipe shapes
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { randomAt } from '@convlens/core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const kills = Number(values.kills);
const random = randomAt(Number(values.seed), 'kill');
const bin = fileURLToPath(new URL('../bin/convlens.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'convlens-kill-'));

/** Batch normalization, dropout and Adam: each reveals a run that resumes from another state. */
const MODULE = `export default ({ tf, seededDropout, inputShape, classes, seed }) => tf.sequential({ layers: [
  tf.layers.conv2d({ inputShape, filters: 3, kernelSize: 3, strides: 3,
    kernelInitializer: tf.initializers.heUniform({ seed }) }),
  tf.layers.batchNormalization(),
  tf.layers.reLU(),
  tf.layers.flatten(),
  seededDropout({ rate: 0.25, seed, name: 'drop' }),
  tf.layers.dense({ units: classes, activation: 'softmax', kernelInitializer: tf.initializers.heUniform({ seed: seed + 1 }) }),
] });`;

function smallRun() {
  const model = join(folder, 'model.mjs');
  writeFileSync(model, MODULE);
  return [
    '--data',
    'shapes',
    '--limit',
    '64',
    '--batch-size',
    '16',
    '--epochs',
    '80',
    '--augment',
    'flip,shift=0.1',
    '--patience',
    'none',
    '--model',
    model,
  ];
}

const training = positionals.length > 0 ? positionals : smallRun();

/**
 * Runs `convlens train` to its end, or kills it: after `epochs` epochs and the fraction `fraction` of another, or `before`
 * milliseconds after its start. Returns whether it was killed.
 */
async function train(out, { resume = false, epochs = Infinity, fraction = 0, before } = {}) {
  const args = resume ? ['--resume'] : training;
  const child = spawn(process.execPath, [bin, 'train', ...args, '--backend', 'simd', '--json', '--out', out]);
  let [buffer, errors, epochsSeen, lastTime, epochTime] = ['', '', 0, 0, 0];
  const kill = (delay) => setTimeout(() => child.kill('SIGKILL'), delay);
  if (before !== undefined) kill(before);
  child.stderr.on('data', (text) => (errors += text));
  child.stdout.on('data', (text) => {
    buffer += text;
    const lines = buffer.split('\n');
    buffer = lines.pop();
    for (const { event } of lines.map((line) => JSON.parse(line))) {
      if (event !== 'start' && event !== 'epoch') continue;
      const now = performance.now();
      if (event === 'epoch') epochTime = now - lastTime;
      lastTime = now;
      if (before === undefined && epochsSeen++ === epochs) kill(fraction * (epochTime || 30));
    }
  });
  const [status, signal] = await new Promise((resolve) => child.on('close', (...how) => resolve(how)));
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(`convlens train ended with ${status}: ${errors}`);
  return signal === 'SIGKILL';
}

/** What must be equal in both runs. */
function outcome(run) {
  const digest = (path) =>
    createHash('sha256')
      .update(readFileSync(join(run, path)))
      .digest('hex');
  const history = JSON.parse(readFileSync(join(run, 'history.json'), 'utf8'));
  const newest = readdirSync(join(run, 'checkpoint')).sort().at(-1);
  return {
    model: digest('model/weights.bin'),
    // The text of a checkpoint contains seconds; the numbers follow it.
    checkpoint: numbersOf(readFileSync(join(run, 'checkpoint', newest))),
    history: JSON.stringify(history.map((record) => ({ ...record, seconds: 0 }))),
  };
}

function numbersOf(bytes) {
  const start = 40 + bytes.readUInt32LE(36);
  return createHash('sha256').update(bytes.subarray(start)).digest('hex');
}

try {
  const whole = join(folder, 'whole');
  const killed = join(folder, 'killed');
  let done = 0;
  const uninterrupted = train(whole);
  for (let i = 0; i < kills; i++) {
    const resume = existsSync(join(killed, 'run.json'));
    // One kill in five happens before the training, while the program starts.
    const moment =
      random() < 0.2
        ? { before: 600 * random() }
        : { epochs: Math.floor(3 * random()), fraction: 2 * random() };
    if (await train(killed, { resume, ...moment })) done++;
  }
  const left = existsSync(join(killed, 'history.json'))
    ? JSON.parse(readFileSync(join(killed, 'history.json'), 'utf8')).length
    : 0;
  await train(killed, { resume: existsSync(join(killed, 'run.json')) });
  await uninterrupted;
  const [expected, actual] = [outcome(whole), outcome(killed)];
  const differences = Object.keys(expected).filter((part) => expected[part] !== actual[part]);
  const epochs = JSON.parse(expected.history).length;
  console.log(JSON.stringify({ kills: done, epochsBeforeTheLastStart: left, epochs, differences }));
  if (differences.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
