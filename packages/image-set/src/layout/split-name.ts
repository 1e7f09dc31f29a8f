/** The parts of a data set that a folder can hold in folders of their own. */
export const FOLDER_SPLITS = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof FOLDER_SPLITS)[number];

/** Names that people give these folders, in lower case. */
const NAMES: Readonly<Record<SplitName, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['val', 'valid', 'validation', 'dev'],
  test: ['test', 'testing'],
};

/** Words beside them, as in seg_train, training_set, TestImages, val-data. */
const FILL_WORDS = ['seg', 'set', 'image', 'images', 'img', 'imgs', 'data', 'split'];

/** What a name says of a split. */
export interface NamedSplit {
  /** Undefined if it says none. */
  readonly split: SplitName | undefined;
  /** Its other words: "horse or human" of validation-horse-or-human. */
  readonly base: string;
}

/** The words of a name: of training_set, TrainingSet and testset1 too. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/^(train|training|test|val)(set|images|data|labels)/, '$1 $2')
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');

/** Reads the name of a folder or of a file. A name of two splits says none. */
export function readSplitName(name: string): NamedSplit {
  const words = wordsOf(name);
  const splitOf = (word: string) => FOLDER_SPLITS.find((split) => NAMES[split].includes(word));
  const splits = words.flatMap((word) => splitOf(word) ?? []);
  const base = words.filter((word) => splitOf(word) === undefined && !FILL_WORDS.includes(word)).join(' ');
  return { split: splits.length === 1 ? splits[0] : undefined, base };
}

/** The split that a folder of this name holds; undefined if it has words beside the split, or none of a split. */
export function splitNameOf(folder: string): SplitName | undefined {
  const { split, base } = readSplitName(folder);
  return base === '' ? split : undefined;
}
