import { UNIT_RANGE, type ImageSet, type Preprocessing } from '@convlens/core';
import { channelStatistics } from '@convlens/image-set';

const preprocessings = {
  /** [0, 1]. */
  unit: () => UNIT_RANGE,
  /** (x - 0.5) / 0.5 of that: [-1, 1]. */
  centred: () => ({ scale: 1 / 255, mean: [0.5], std: [0.5] }),
  /** Each channel with the mean 0 and the standard deviation 1 over the training images. */
  standardized: (train) => {
    const { mean, std } = channelStatistics(train);
    // A channel that is the same everywhere stays what it is.
    return { scale: 1 / 255, mean, std: std.map((value) => value || 1) };
  },
} satisfies Record<string, (train: ImageSet) => Preprocessing>;

export type PreprocessingName = keyof typeof preprocessings;

export const preprocessingNames = Object.keys(preprocessings) as PreprocessingName[];

/** What a network that is trained on these images reads of them; it travels with the saved model. */
export const preprocessingOf = (name: PreprocessingName, train: ImageSet): Preprocessing =>
  preprocessings[name](train);
