export interface TrainingSettings {
  readonly epochs: number;
  /** The number of training images. */
  readonly imageCount: number;
  readonly learningRate: number;
  /** Whether training images are flipped, shifted, rotated and zoomed at random. */
  readonly augmentation: boolean;
}

/** The epoch to train to: `epochs`, or that many more if they are done already. */
export const targetEpoch = (epochsDone: number, { epochs }: TrainingSettings): number =>
  epochsDone < epochs ? epochs : epochsDone + epochs;
