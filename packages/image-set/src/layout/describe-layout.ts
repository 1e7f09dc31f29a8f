import { expectFields, formatCount } from '@convlens/core';
import type { FolderLayout } from './folder-layout.js';
import type { ImageFile } from './image-file.js';
import { FOLDER_SPLITS, type SplitName } from './split-name.js';

const WORDS: Readonly<Record<SplitName, string>> = {
  train: 'training',
  validation: 'validation',
  test: 'test',
};

/** From how many classes on the images of each are not listed. */
const MOST_CLASSES = 20;

/** How a folder of images was understood, in lines of text: classes, counts per split, files passed over, warnings. */
export function describeLayout(layout: FolderLayout): string[] {
  expectFields('FolderLayout', 'layout', layout, {
    classNames: 'list',
    labelsFrom: 'string',
    splits: 'object',
    passedOver: 'list',
    warnings: 'list',
  });
  const { classNames, labelsFrom, splits, hasTest, passedOver, warnings } = layout;
  const source = ['folders', 'file names'].includes(labelsFrom)
    ? `by their ${labelsFrom}`
    : `by ${labelsFrom}`;
  const firstNames = classNames.slice(0, MOST_CLASSES).join(', ');
  const more = classNames.length > MOST_CLASSES ? ` and ${classNames.length - MOST_CLASSES} more` : '';
  return [
    `${classNames.length} ${classNames.length === 1 ? 'class' : 'classes'} ${source}: ${firstNames}${more}`,
    ...FOLDER_SPLITS.filter((split) => splits[split].length > 0).map(
      (split) =>
        `${WORDS[split]}: ${formatCount(splits[split].length, 'image')}${describeCounts(splits[split], classNames)}` +
        (split === 'test' && !hasTest
          ? ', a fixed fifth of each class, since it has no test images of its own'
          : ''),
    ),
    ...passedOver.map(
      ({ reason, count, example }) =>
        `not read: ${formatCount(count, 'file')}, ${reason}, such as ${example}`,
    ),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
}

/** The images of each class, where there are few classes. */
function describeCounts(files: readonly ImageFile[], classNames: readonly string[]): string {
  if (classNames.length > MOST_CLASSES) return '';
  const counts = classNames.map((_, label) => files.filter((file) => file.label === label).length);
  return ` (${counts.join(', ')})`;
}
