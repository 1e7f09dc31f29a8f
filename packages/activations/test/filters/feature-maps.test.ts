import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { featureMaps, layerOutputs, predictions } from '../../src/index.js';
import { part, randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(7);

describe('featureMaps', () => {
  it('returns the maps of the images at some positions, with their indices', async () => {
    const model = sequentialModel();
    const all = await featureMaps(model, images, { layer: 'pool' });
    const some = await featureMaps(model, images, { layer: 'pool', indices: [5, 0] });
    const size = 4 * 4 * 4;
    expect(some).toMatchObject({
      layer: 'pool',
      count: 2,
      height: 4,
      width: 4,
      channels: 4,
      indices: [5, 0],
    });
    expect(some.values.slice(0, size)).toEqual(all.values.slice(5 * size, 6 * size));
    expect(some.values.slice(size)).toEqual(all.values.slice(0, size));
    expect(structuredClone(some)).toEqual(some);
  });

  it('repeats an image whose position is repeated, even beyond the number of images', async () => {
    const indices = [1, 1, 0, 1, 0];
    for (const two of [
      part(images, 0, 2),
      { ...part(images, 0, 2), pixels: Float32Array.from(images.pixels.slice(0, 384)) },
    ]) {
      const all = await featureMaps(sequentialModel(), two, { layer: 'pool' });
      const some = await featureMaps(sequentialModel(), two, { layer: 'pool', indices });
      expect(some.indices).toEqual(indices);
      indices.forEach((index, i) =>
        expect(some.values.slice(i * 64, (i + 1) * 64)).toEqual(
          all.values.slice(index * 64, (index + 1) * 64),
        ),
      );
    }
  });

  it('keeps the indices of a batch', async () => {
    const batch = { ...part(images, 2, 4), indices: Uint32Array.of(41, 7) };
    const { indices } = await featureMaps(sequentialModel(), batch);
    expect(indices).toEqual([41, 7]);
    const [first] = await predictions(sequentialModel(), batch);
    expect(first).toMatchObject({ index: 41, label: 2 });
  });

  it('returns the units of a dense layer as channels of maps of 1 x 1', async () => {
    const [conv, scores] = await layerOutputs(sequentialModel(), images, { layers: ['last-conv', 'scores'] });
    expect(conv).toMatchObject({ layer: 'conv2', height: 2, width: 2, channels: 5 });
    expect(scores).toMatchObject({ layer: 'scores', height: 1, width: 1, channels: 3, count: 7 });
    const predicted = await predictions(sequentialModel(), images);
    expect([...scores.values]).toEqual(predicted.flatMap(({ probabilities }) => [...probabilities]));
  });

  it('refuses a position that is not that of an image', async () => {
    await expect(featureMaps(sequentialModel(), images, { indices: [7] })).rejects.toThrow(
      /Expected indices\[0\] to be .* from 0 to 6/,
    );
  });
});
