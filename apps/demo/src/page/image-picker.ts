import { formatPercent, type ImageSet, type Prediction } from '@convlens/core';
import { toCanvas } from '@convlens/image-set';
import { createElement, getById } from './dom.js';
import { renderRadioGroup } from './radio-group.js';

/** The indices of the test images in an order that puts each class into one column of a grid with a column per class. */
const indicesByClass = ({ count, labels, classNames }: ImageSet) =>
  Array.from({ length: count }, (_, index) => index).sort((a, b) => {
    const row = (index: number) => Math.floor(index / classNames.length);
    return row(a) - row(b) || labels![a] - labels![b];
  });

/** An image on a canvas, one canvas pixel per image pixel. */
function renderImage(images: ImageSet, index: number): HTMLCanvasElement {
  const canvas = createElement('canvas', { ariaHidden: 'true' });
  toCanvas(images, { index, canvas });
  return canvas;
}

interface Tile {
  readonly image: HTMLElement;
  readonly predictedClass: HTMLElement;
  readonly confidence: HTMLElement;
  /** The image for screen readers. */
  readonly name: string;
  /** The tooltip. */
  readonly title: string;
  /** The label of a test image; undefined for an image of the user. */
  readonly label?: number;
}

export interface ImagePickerOptions {
  /** The inputs of the model: the test images in its input shape, then the user's images. */
  modelInputs: ImageSet;
  userImageNames: readonly string[];
  /** The index of the selected image. */
  selected: number;
  onSelect: (index: number) => void;
}

function createTile(
  index: number,
  { images, modelInputs, userImageNames }: { images: ImageSet } & ImagePickerOptions,
): Tile {
  const elements = {
    image: renderImage(modelInputs, index),
    predictedClass: createElement('b'),
    confidence: createElement('span'),
  };
  if (index >= images.count) {
    const title = userImageNames[index - images.count];
    return { ...elements, name: `Your image, ${title}`, title };
  }
  const label = images.labels![index];
  const className = images.classNames[label];
  return { ...elements, name: `Image ${index}, ${className}`, title: `Label: ${className}`, label };
}

/** What the radio button of a tile shows. */
function tileContent({ image, predictedClass, confidence, label }: Tile): HTMLElement[] {
  const content = [image, predictedClass, confidence];
  return label === undefined ? [...content, createElement('small', { textContent: 'your image' })] : content;
}

/** Shows a prediction on a tile; `isCorrect` is undefined if it is neither correct nor wrong. */
function showPrediction(tile: Tile, className: string, confidence: number, isCorrect?: boolean): void {
  const radioOption = tile.image.parentElement!;
  const percent = formatPercent(confidence, 0);
  const isScored = isCorrect !== undefined;
  tile.predictedClass.textContent = className;
  tile.confidence.textContent = isScored ? `${isCorrect ? '✓' : '✗'} ${percent}` : percent;
  radioOption.classList.toggle('correct', isCorrect === true);
  radioOption.classList.toggle('wrong', isCorrect === false);
  const score = isScored ? `, ${isCorrect ? 'correct' : 'wrong'}` : '';
  radioOption.querySelector('input')!.ariaLabel = `${tile.name}: predicted ${className}, ${percent}${score}`;
}

export interface ImagePicker {
  /** Shows predictions. Only a model with the classes of the test images is scored, and only on these. */
  show(predictions: readonly Prediction[], options: { isScored: boolean }): void;
}

/** The grid of images: the user's images, the latest first, then the test images. */
export function createImagePicker(images: ImageSet, options: ImagePickerOptions): ImagePicker {
  const { modelInputs, userImageNames, selected, onSelect } = options;
  const userImageIndices = userImageNames.map((_, i) => images.count + i).reverse();
  const indices = [...userImageIndices, ...indicesByClass(images)];
  const tiles = new Map(indices.map((index) => [index, createTile(index, { images, ...options })]));
  renderRadioGroup(getById('images'), {
    name: 'image',
    options: Array.from(tiles, ([index, tile]) => ({
      value: String(index),
      ariaLabel: tile.name,
      title: tile.title,
      children: tileContent(tile),
    })),
    selected: String(selected),
    onSelect: (value) => onSelect(Number(value)),
  });

  return {
    show(predictions, { isScored }) {
      let correctCount = 0;
      for (const { index, predicted, confidence } of predictions) {
        const tile = tiles.get(index)!;
        const isCorrect = isScored && tile.label !== undefined ? predicted === tile.label : undefined;
        if (isCorrect) correctCount++;
        showPrediction(tile, modelInputs.classNames[predicted], confidence, isCorrect);
      }
      getById('score').textContent = isScored ? `${correctCount} of ${images.count} correct` : '';
    },
  };
}
