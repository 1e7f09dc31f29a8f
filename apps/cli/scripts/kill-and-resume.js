// Trains through the command line, kills the process with SIGKILL at random (seeded) moments, resumes it each time, and
// compares with the same run left alone: the weights of the model, those of the last checkpoint (every number that the
// optimizer and the callbacks read is in it), and the history but for the seconds. Prints one JSON line; exit status 1 if
// anything differs.
//
//     npx turbo build && node apps/cli/scripts/kill-and-resume.js [--kills 10] [--seed 1] [-- ARGUMENTS OF convlens train]
//
// Without arguments it trains a small network of its own on 64 drawn shapes, which takes seconds. The longer version:
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

/** Batch norm and dropout, and Adam: each would show a run that goes on from anywhere else. */
const NETWORK = `export default ({ tf, seededDropout, inputShape, classes, seed }) => tf.sequential({ layers: [
  tf.layers.conv2d({ inputShape, filters: 3, kernelSize: 3, strides: 3,
    kernelInitializer: tf.initializers.heUniform({ seed }) }),
  tf.layers.batchNormalization(),
  tf.layers.reLU(),
  tf.layers.flatten(),
  seededDropout({ rate: 0.25, seed, name: 'drop' }),
  tf.layers.dense({ units: classes, activation: 'softmax', kernelInitializer: tf.initializers.heUniform({ seed: seed + 1 }) }),
] });`;

function ownRun() {
  const model = join(folder, 'network.mjs');
  writeFileSync(model, NETWORK);
  return ['--data', 'shapes', '--limit', '64', '--batch-size', '16', '--epochs', '80', '--augment', 'flip,shift=0.1', '--patience', 'none', '--model', model]; // prettier-ignore
}

const training = positionals.length > 0 ? positionals : ownRun();

/**
 * Runs `convlens train` to its end, or kills it: after so many epochs and a share of another, or where `before` is set
 * that many milliseconds after its start.
 */
async function train(out, { resume = false, epochs = Infinity, share = 0, before } = {}) {
  const args = resume ? ['--resume'] : training;
  const child = spawn(process.execPath, [bin, 'train', ...args, '--backend', 'simd', '--json', '--out', out]);
  let [said, failed, seen, last, pace] = ['', '', 0, 0, 0];
  const kill = (delay) => setTimeout(() => child.kill('SIGKILL'), delay);
  if (before !== undefined) kill(before);
  child.stderr.on('data', (text) => (failed += text));
  child.stdout.on('data', (text) => {
    said += text;
    const lines = said.split('\n');
    said = lines.pop();
    for (const { event } of lines.map((line) => JSON.parse(line))) {
      if (event !== 'start' && event !== 'epoch') continue;
      const now = performance.now();
      if (event === 'epoch') pace = now - last;
      last = now;
      if (before === undefined && seen++ === epochs) kill(share * (pace || 30));
    }
  });
  const [status, signal] = await new Promise((resolve) => child.on('close', (...how) => resolve(how)));
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(`convlens train ended with ${status}: ${failed}`);
  return signal === 'SIGKILL';
}

/** All of a run that must be the same. */
function outcome(run) {
  const digest = (path) => createHash('sha256').update(readFileSync(join(run, path))).digest('hex'); // prettier-ignore
  const history = JSON.parse(readFileSync(join(run, 'history.json'), 'utf8'));
  const newest = readdirSync(join(run, 'checkpoint')).sort().at(-1);
  return {
    model: digest('model/weights.bin'),
    // Its text holds the seconds of the history; the numbers follow it.
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
  const undisturbed = train(whole);
  for (let i = 0; i < kills; i++) {
    const resume = existsSync(join(killed, 'run.json'));
    // One in five falls before the training, anywhere in the start of the program.
    const moment =
      random() < 0.2 ? { before: 600 * random() } : { epochs: Math.floor(3 * random()), share: 2 * random() };
    if (await train(killed, { resume, ...moment })) done++;
  }
  const left = existsSync(join(killed, 'history.json'))
    ? JSON.parse(readFileSync(join(killed, 'history.json'), 'utf8')).length
    : 0;
  await train(killed, { resume: existsSync(join(killed, 'run.json')) });
  await undisturbed;
  const [expected, got] = [outcome(whole), outcome(killed)];
  const differs = Object.keys(expected).filter((part) => expected[part] !== got[part]);
  const epochs = JSON.parse(expected.history).length;
  console.log(JSON.stringify({ kills: done, epochsBeforeTheLastStart: left, epochs, differs }));
  if (differs.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
