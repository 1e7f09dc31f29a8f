// What a page does with the packages: trains a network for one epoch and draws a figure.
import * as tf from '@tensorflow/tfjs';
import '@convlens/tfjs-backend-simd';
import { featureMaps } from '@convlens/activations';
import { augment } from '@convlens/augment';
import { batches } from '@convlens/image-set';
import { generateShapes } from '@convlens/image-set/shapes';
import { buildModel } from '@convlens/models';
import { featureMapGrid } from '@convlens/render-d3';
import { compileClassifier, fit } from '@convlens/training';

/** The loss of an epoch, and the mean activation of a layer before it, on one backend. */
async function useBackend(backend) {
  await tf.setBackend(backend);
  await tf.ready();
  const images = generateShapes({ count: 64, seed: 1 });
  const model = buildModel('shapes-3conv', { seed: 1 });
  const maps = await featureMaps(model, images, { layer: 'relu1', indices: [0] });
  const activation = maps.values.reduce((sum, value) => sum + value, 0) / maps.values.length;
  document.body.append(featureMapGrid(maps, { input: images }));
  compileClassifier(model, { learningRate: 2e-3 });
  const train = augment(batches(images), [{ kind: 'flip' }]);
  const [{ loss }] = await fit(model, { train, epochs: 1 });
  return { backend: tf.getBackend(), activation, loss };
}

export const usePackages = async () => [await useBackend('cpu'), await useBackend('simd')];
