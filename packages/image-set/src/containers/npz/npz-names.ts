import { splitNameOf, type SplitName } from '../../layout/split-name.js';

/** Names that people give arrays of images and of labels, beside that of a split. */
const IMAGE_WORDS = ['x', 'image', 'images', 'img', 'imgs', 'data', 'pixels', 'features'];
const LABEL_WORDS = ['y', 'label', 'labels', 'target', 'targets', 'class', 'classes'];

export interface ArrayName {
  readonly name: string;
  readonly split: SplitName;
  readonly holds: 'images' | 'labels';
}

/** What an array holds by its name: x_train, train_images, testY, labels; undefined if the name does not say it. */
export function readArrayName(name: string): ArrayName | undefined {
  // The two arrays of numpy.savez without names.
  if (name === 'arr_0') return { name, split: 'train', holds: 'images' };
  if (name === 'arr_1') return { name, split: 'train', holds: 'labels' };
  const words = name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  const kinds = words.filter((word) => IMAGE_WORDS.includes(word) || LABEL_WORDS.includes(word));
  const others = words.filter((word) => !kinds.includes(word));
  if (kinds.length !== 1 || others.length > 1) return undefined;
  const split = others.length === 0 ? 'train' : splitNameOf(others[0]);
  return split && { name, split, holds: IMAGE_WORDS.includes(kinds[0]) ? 'images' : 'labels' };
}
