import type { ImageSet, Prediction } from '@convlens/core';
import { toCanvas } from '@convlens/image-set';
import { fillChoices } from './choices.js';
import { find, make } from './dom.js';

/** Class after class within each ten, so that ten columns hold a class each. */
const byClass = ({ count, labels, classNames }: ImageSet) =>
  Array.from({ length: count }, (_, index) => index).sort((a, b) => {
    const row = (index: number) => Math.floor(index / classNames.length);
    return row(a) - row(b) || labels![a] - labels![b];
  });

/** An image of a set, a pixel a pixel. */
function drawImage(images: ImageSet, index: number): HTMLCanvasElement {
  const canvas = make('canvas', { ariaHidden: 'true' });
  toCanvas(images, { index, canvas });
  return canvas;
}

export interface TestImagesOptions {
  /** The images as the network is given them: the test images, then the pictures. */
  given: ImageSet;
  /** The names of the reader's own pictures. */
  pictures: readonly string[];
  chosen: number;
  onChoose: (index: number) => void;
}

/**
 * The grid of test images, after the reader's own pictures, the latest first: what the network says of each, and which one
 * is looked at. Where its classes are not those of the test images (`isJudged` is false) it is neither right nor wrong; of
 * a picture it never is.
 */
export function openTestImages(
  images: ImageSet,
  { given, pictures, chosen, onChoose }: TestImagesOptions,
): { show(predictions: readonly Prediction[], options: { isJudged: boolean }): void } {
  const { count, classNames, labels } = images;
  const group = find('images');
  const tiles = new Map<number, { said: HTMLElement; sure: HTMLElement }>();
  const nameOf = (index: number) =>
    index < count
      ? `Image ${index}, ${classNames[labels![index]]}`
      : `Your picture, ${pictures[index - count]}`;
  const own = pictures.map((_, i) => count + i).reverse();
  const choices = [...own, ...byClass(images)].map((index) => {
    const tile = { said: make('b'), sure: make('span') };
    tiles.set(index, tile);
    const yours = index < count ? [] : [make('small', { textContent: 'your picture' })];
    return {
      value: String(index),
      name: nameOf(index),
      children: [drawImage(given, index), tile.said, tile.sure, ...yours],
    };
  });
  fillChoices(group, {
    name: 'image',
    choices,
    chosen: String(chosen),
    onChoose: (value) => onChoose(Number(value)),
  });

  return {
    show(predictions, { isJudged }) {
      let right = 0;
      for (const { index, predicted, confidence } of predictions) {
        const { said, sure } = tiles.get(index)!;
        const input = group.querySelector<HTMLInputElement>(`input[value="${index}"]`)!;
        const tile = input.parentElement!;
        const percent = `${Math.round(100 * confidence)}%`;
        said.textContent = given.classNames[predicted];
        sure.textContent = percent;
        input.ariaLabel = `${nameOf(index)}: predicted ${said.textContent}, ${percent}`;
        tile.title = index < count ? classNames[labels![index]] : pictures[index - count];
        if (!isJudged || index >= count) continue;
        const isRight = predicted === labels![index];
        if (isRight) right++;
        else tile.title = `It is ${tile.title}`;
        sure.textContent = `${isRight ? '✓' : '✗'} ${percent}`;
        input.ariaLabel += `, ${isRight ? 'right' : 'wrong'}`;
        tile.classList.toggle('right', isRight);
        tile.classList.toggle('wrong', !isRight);
      }
      find('score').textContent = isJudged ? `${right} of ${count} right` : '';
    },
  };
}
