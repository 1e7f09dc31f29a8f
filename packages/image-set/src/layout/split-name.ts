/** The parts of a data set that a folder can hold in folders of their own. */
export const FOLDER_SPLITS = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof FOLDER_SPLITS)[number];

/** Names that people give these folders, without case, separators, and what `AFFIXES` removes. */
const NAMES: Readonly<Record<SplitName, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['val', 'valid', 'validation', 'dev'],
  test: ['test', 'testing'],
};

/** As in seg_train, training_set, test-images, ValData. */
const AFFIXES = /^seg(?=t|v)|(set|images?|imgs?|data|split)$/g;

/** The split that a folder of this name holds; undefined if it is no name of a split. */
export function splitNameOf(folder: string): SplitName | undefined {
  const plain = folder
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll(AFFIXES, '');
  return FOLDER_SPLITS.find((split) => NAMES[split].includes(plain));
}
