// What a network said of every test image, one digit of base 36 an image, and its loss on every tenth: the tests compare
// what it says of those again, image by image, and the whole with its card.
import { evaluateModel, predictions } from '@convlens/activations';
import { subset } from '@convlens/image-set';
import { mkdirSync, writeFileSync } from 'node:fs';

export async function recordSaid(name, { model, preprocessing, images }) {
  const found = await predictions(model, images, { preprocessing });
  const said = found.map(({ predicted }) => predicted.toString(36)).join('');
  const tenth = subset(
    images,
    [...found.keys()].filter((i) => i % 10 === 0),
  );
  const { loss } = await evaluateModel(model, tenth, { preprocessing });
  const folder = new URL('../test/fixtures/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    new URL(`${name}.json`, folder),
    `${JSON.stringify({ lossOfEveryTenth: loss, said }, null, 2)}\n`,
  );
}
