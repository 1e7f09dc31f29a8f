/** The history of a training run after some epochs. */
export const historyOf = (epochs) =>
  Array.from({ length: epochs }, (_, epoch) => ({
    epoch,
    learningRate: 1e-3,
    loss: 2 / (epoch + 1),
    accuracy: 1 - 0.6 / (epoch + 1),
    valLoss: 2.2 / (epoch + 1),
    valAccuracy: 0.95 - 0.6 / (epoch + 1),
    seconds: 1,
    metrics: {},
  }));

/** Three images of 8 x 8 pixels. */
export const images = {
  name: 'examples',
  pixels: Uint8Array.from({ length: 3 * 8 * 8 }, (_, i) => (i * (1 + Math.floor(i / 64))) % 256),
  labels: Int32Array.of(0, 1, 2),
  count: 3,
  height: 8,
  width: 8,
  channels: 1,
  classNames: ['cat', 'dog', 'ship'],
};

/** The feature maps of one image. */
export const featureMapsOf = (index) => ({
  layer: 'conv1',
  indices: [index],
  count: 1,
  height: 8,
  width: 8,
  channels: 4,
  values: Float32Array.from({ length: 8 * 8 * 4 }, (_, i) => index + (i % 4) + Math.floor(i / 4) / 100),
});
