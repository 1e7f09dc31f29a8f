import { escapeControls, InputError } from '@convlens/core';
import { splitNameOf, type SplitName } from '../../layout/split-name.js';

/** The two test sets of a competition: the public one was used to choose models. */
const OF_COMPETITIONS: Readonly<Record<string, SplitName>> = {
  publictest: 'validation',
  privatetest: 'test',
};

/**
 * The split that a column says: "Training", "PublicTest", "val".
 *
 * @param at where, in messages
 */
export function splitOfRecord(text: string, at: string): SplitName {
  const split = OF_COMPETITIONS[text.trim().toLowerCase()] ?? splitNameOf(text.trim());
  if (split) return split;
  throw new InputError(
    `Expected a split in ${at}, such as Training, PublicTest or PrivateTest, got ${JSON.stringify(escapeControls(text))}`,
  );
}
