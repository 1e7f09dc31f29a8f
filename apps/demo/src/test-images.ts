import type { ImageSet, Prediction } from '@convlens/core';
import { fillChoices } from './choices.js';
import { find, make } from './dom.js';

/** An image of a set, a pixel a pixel. */
function drawImage({ pixels, height, width, channels }: ImageSet, index: number): HTMLCanvasElement {
  const canvas = make('canvas', { width, height, ariaHidden: 'true' });
  const data = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const from = (index * width * height + i) * channels;
    data.data.set([...pixels.subarray(from, from + 3), 255], i * 4);
  }
  canvas.getContext('2d')!.putImageData(data, 0, 0);
  return canvas;
}

/** Class after class within each ten, so that ten columns hold a class each. */
const byClass = ({ count, labels, classNames }: ImageSet) =>
  Array.from({ length: count }, (_, index) => index).sort((a, b) => {
    const row = (index: number) => Math.floor(index / classNames.length);
    return row(a) - row(b) || labels![a] - labels![b];
  });

/**
 * The grid of test images: what the network says of each, and which one is looked at. A network from a file has classes of
 * its own, `theirs`, so it is neither right nor wrong.
 */
export function openTestImages(
  images: ImageSet,
  { chosen, onChoose }: { chosen: number; onChoose: (index: number) => void },
): { show(predictions: readonly Prediction[], theirs?: readonly string[]): void } {
  const { classNames, labels } = images;
  const group = find('images');
  const tiles = new Map<number, { said: HTMLElement; sure: HTMLElement }>();
  const choices = byClass(images).map((index) => {
    const tile = { said: make('b'), sure: make('span') };
    tiles.set(index, tile);
    return {
      value: String(index),
      name: `Image ${index}, ${classNames[labels![index]]}`,
      children: [drawImage(images, index), tile.said, tile.sure],
    };
  });
  fillChoices(group, {
    name: 'image',
    choices,
    chosen: String(chosen),
    onChoose: (value) => onChoose(Number(value)),
  });

  return {
    show(predictions, theirs) {
      for (const { index, predicted, confidence } of predictions) {
        const { said, sure } = tiles.get(index)!;
        const label = labels![index];
        const isRight = predicted === label;
        const input = group.querySelector<HTMLInputElement>(`input[value="${index}"]`)!;
        const percent = `${Math.round(100 * confidence)}%`;
        const truth = classNames[label];
        const tile = input.parentElement!;
        if (theirs) {
          said.textContent = theirs[predicted];
          sure.textContent = percent;
          input.ariaLabel = `Image ${index}, ${truth}: predicted ${theirs[predicted]}, ${percent}`;
          tile.classList.remove('right', 'wrong');
          continue;
        }
        said.textContent = classNames[predicted];
        sure.textContent = `${isRight ? '✓' : '✗'} ${percent}`;
        input.ariaLabel = `Image ${index}, ${truth}: predicted ${classNames[predicted]}, ${percent}, ${isRight ? 'right' : 'wrong'}`;
        tile.title = isRight ? truth : `It is ${truth}`;
        tile.classList.toggle('right', isRight);
        tile.classList.toggle('wrong', !isRight);
      }
      if (theirs) {
        find('score').textContent = '';
        return;
      }
      const right = predictions.filter(({ predicted, label }) => predicted === label).length;
      find('score').textContent = `${right} of ${predictions.length} right`;
    },
  };
}
