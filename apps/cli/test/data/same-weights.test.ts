import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { batches } from '@convlens/image-set';
import { archiveFiles } from '@convlens/image-set/files';
import { loadImages } from '@convlens/image-set/folder';
import { localFile, localSource } from '@convlens/image-set/node';
import { compileClassifier, fit } from '@convlens/training';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';

const CONTAINERS = fileURLToPath(
  new URL('../../../../packages/image-set/test/fixtures/containers/', import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), 'convlens-same-weights-'));

beforeAll(async () => {
  await tf.setBackend('cpu');
  const archive = archiveFiles(await localFile(join(CONTAINERS, 'pets.zip')));
  for (const name of await archive.list()) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), (await archive.read(name))!);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function tinyNet(): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 3 });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [8, 8, 3],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer,
      }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer }),
    ],
  });
}

/** The weights after one epoch on the training images at a path. */
async function weightsOf(path: string): Promise<number[]> {
  const images = await loadImages(await localSource(path), { split: 'train', height: 8, width: 8 });
  const model = tinyNet();
  compileClassifier(model, { optimizer: 'adam', learningRate: 1e-2 });
  const before = Array.from(await model.getWeights()[0].data());
  await fit(model, { train: batches(images, { batchSize: 4, seed: 2 }), epochs: 1 });
  const weights = (await Promise.all(model.getWeights().map((weight) => weight.data()))).flatMap((values) => [
    ...values,
  ]);
  expect(weights.slice(0, before.length)).not.toEqual(before);
  model.dispose();
  return weights;
}

it('the same pictures train to the same weights, bit for bit, in a folder, a zip, a tar.gz, an npz and Parquet files', async () => {
  const reference = await weightsOf(join(folder, 'pets'));
  for (const name of ['pets.zip', 'pets.tar.gz', 'pets.npz', 'hub'])
    expect(await weightsOf(join(CONTAINERS, name)), name).toEqual(reference);
});
