// Writes test/fixtures/NAME.json: the predictions of a model for all test images, one base-36 digit per
// image, and its loss on every tenth image. The tests compare them with the model card, and with new
// predictions for every tenth image.
import { evaluateModel, predictions } from '@convlens/activations';
import { subset } from '@convlens/image-set';
import { mkdirSync, writeFileSync } from 'node:fs';

export async function recordPredictions(name, { model, preprocessing, images }) {
  const predicted = await predictions(model, images, { preprocessing });
  const digits = predicted.map((prediction) => prediction.predicted.toString(36)).join('');
  const everyTenth = [...predicted.keys()].filter((index) => index % 10 === 0);
  const { loss } = await evaluateModel(model, subset(images, everyTenth), { preprocessing });
  const folder = new URL('../test/fixtures/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const json = JSON.stringify({ lossOfEveryTenth: loss, predictions: digits }, null, 2);
  writeFileSync(new URL(`${name}.json`, folder), `${json}\n`);
}
