import * as tf from '@tensorflow/tfjs';
import { InputError, randomAt, type Images } from '@convlens/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ATTRIBUTION_METHODS,
  attributions,
  gradCam,
  layerGradients,
  occlusion,
  saliency,
  scoreCam,
  visualizeFeatures,
} from '../../src/index.js';
import { useBackend } from '../backends.js';

const random = randomAt(3, 'missing gradients');
const images: Images = {
  name: 'noise',
  pixels: Uint8Array.from({ length: 6 * 5 * 2 }, () => Math.floor(256 * random())),
  count: 1,
  height: 6,
  width: 5,
  channels: 2,
  classNames: ['a', 'b', 'c'],
};

/** A layer of a user, whose operation may have no gradient or no kernel. */
class Custom extends tf.layers.Layer {
  static className = 'Custom';
  constructor(
    readonly operation: (x: tf.Tensor) => tf.Tensor,
    name: string,
  ) {
    super({ name });
  }
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.operation(Array.isArray(inputs) ? inputs[0] : inputs));
  }
}

const rotate = (x: tf.Tensor) => tf.image.rotateWithOffset(x as tf.Tensor4D, 0.5);
const channelSums = (x: tf.Tensor) => tf.einsum('nijc,cd->nijd', x, tf.ones([4, 4]));

let conv: tf.layers.Layer;

function network(operation: (x: tf.Tensor) => tf.Tensor): tf.LayersModel {
  conv = tf.layers.conv2d({
    name: 'conv',
    filters: 4,
    kernelSize: 3,
    padding: 'same',
    inputShape: [6, 5, 2],
  });
  return tf.sequential({
    layers: [
      conv,
      new Custom(operation, 'mine'),
      tf.layers.conv2d({ name: 'later', filters: 3, kernelSize: 2, activation: 'relu' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3 }),
    ],
  });
}

/** The error of a promise; undefined if it is fulfilled. */
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe('an operation without a gradient', () => {
  let model: tf.LayersModel;
  beforeEach(async () => {
    await useBackend('simd');
    model = network(rotate);
  });

  const usesGradients = ({ family, id }: { family: string; id: string }) =>
    family === 'pixel' || (family === 'cam' && id !== 'score-cam');

  it.each(ATTRIBUTION_METHODS.filter(usesGradients))(
    '$id refuses it before the model runs, with layer, backend and remedy, and leaves no tensors',
    async ({ explain, usesLayer }) => {
      const call = vi.spyOn(conv, 'call');
      const { numTensors } = tf.memory();
      const error = await errorOf(explain(model, images, (usesLayer ? { layer: 'conv' } : {}) as never));
      expect(error).toBeInstanceOf(InputError);
      for (const part of [
        'layer mine of class Custom',
        'backend simd',
        'RotateWithOffset',
        'registerGradient',
      ])
        expect(error!.message).toContain(part);
      expect(call).not.toHaveBeenCalled();
      expect(tf.memory().numTensors).toBe(numTensors);
    },
  );

  it('attributions, layerGradients and visualizeFeatures refuse it', async () => {
    for (const call of [
      attributions(model, images),
      layerGradients(model, images, { layer: 'conv' }),
      visualizeFeatures(model, [{ kind: 'class', class: 0 }], { steps: 1 }),
    ])
      expect(await errorOf(call)).toBeInstanceOf(InputError);
  });

  it('methods without gradients, and those of layers after it, work', async () => {
    expect(await occlusion(model, images, { size: 3, stride: 3 })).toHaveLength(1);
    expect(await scoreCam(model, images, { layer: 'conv' })).toHaveLength(1);
    expect(await gradCam(model, images, { layer: 'later' })).toHaveLength(1);
  });

  it('works once a gradient is registered', async () => {
    tf.registerGradient({
      kernelName: 'RotateWithOffset',
      gradFunc: (dy) => ({ image: () => tf.image.rotateWithOffset(dy as tf.Tensor4D, -0.5) }),
    });
    expect(await saliency(model, images)).toHaveLength(1);
    tf.unregisterGradient('RotateWithOffset');
  });
});

describe('an operation without a kernel on the backend', () => {
  it('is refused with the kernel, and with the backend that has it', async () => {
    await useBackend('wasm');
    const model = network(channelSums);
    const error = await errorOf(saliency(model, images));
    expect(error).toBeInstanceOf(InputError);
    for (const part of [
      'layer mine of class Custom',
      'backend wasm',
      'kernel Einsum',
      "tf.setBackend('cpu')",
    ])
      expect(error!.message).toContain(part);
    await useBackend('cpu');
    expect(await saliency(model, images)).toHaveLength(1);
  });
});
