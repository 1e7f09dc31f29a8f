import type { ImageFile } from './image-file.js';
import { FOLDER_SPLITS, type SplitName } from './split-name.js';

/** A set of one class, and the classes that a split lacks. */
export function splitWarnings(
  splits: Readonly<Record<SplitName, readonly ImageFile[]>>,
  { classNames, hasValidation }: { classNames: readonly string[]; hasValidation: boolean },
): { readonly single: string[]; readonly lacking: string[] } {
  const lacking = FOLDER_SPLITS.filter((split) => split !== 'validation' || hasValidation).flatMap(
    (split) => {
      const present = new Set(splits[split].map(({ label }) => label));
      const missing = classNames.filter((_, label) => !present.has(label));
      return missing.length > 0 ? [`no ${split} images of ${missing.join(', ')}`] : [];
    },
  );
  const single = classNames.length === 1 ? [`all images are of one class, ${classNames[0]}`] : [];
  return { single, lacking };
}
