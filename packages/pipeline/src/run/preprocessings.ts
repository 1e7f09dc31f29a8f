import { expectImageArray, expectOneOf, UNIT_RANGE, type ImageSet, type Preprocessing } from '@convlens/core';
import { pixelStatistics } from '@convlens/image-set';

const PREPROCESSING_FUNCTIONS = {
  /** [0, 1]. */
  unit: () => UNIT_RANGE,
  /** [-1, 1]: (x - 0.5) / 0.5 with x in [0, 1]. */
  centered: () => ({ scale: 1 / 255, mean: [0.5], std: [0.5] }),
  /** Each channel with mean 0 and standard deviation 1 over the training images. */
  standardized: (statistics) => {
    const { mean, std } = statistics();
    // The standard deviation of a constant channel is 0.
    return { scale: 1 / 255, mean, std: std.map((value) => value || 1) };
  },
} satisfies Record<string, (statistics: () => ReturnType<typeof pixelStatistics>) => Preprocessing>;

export type PreprocessingName = keyof typeof PREPROCESSING_FUNCTIONS;

/** The preprocessings that the settings of a run can name. */
export const PREPROCESSINGS = Object.keys(PREPROCESSING_FUNCTIONS) as readonly PreprocessingName[];

/** The preprocessing of a model that is trained on these images. */
export function preprocessingOf(name: PreprocessingName, train: ImageSet): Preprocessing {
  expectOneOf('name', name, PREPROCESSINGS);
  expectImageArray('train', train);
  return preprocessingWith(name, () => pixelStatistics(train));
}

/** The preprocessing of training images with these statistics, which are asked for if they are needed. */
export const preprocessingWith = (
  name: PreprocessingName,
  statistics: () => ReturnType<typeof pixelStatistics>,
): Preprocessing => PREPROCESSING_FUNCTIONS[name](statistics);
