import { RESIZE_FITS } from '@convlens/image-set/folder';
import { closedObject, dictionary, finiteNumber, oneOf } from '@convlens/storage';
import { optimizerNames } from '@convlens/training';
import * as v from 'valibot';
import { PREPROCESSINGS } from './preprocessings.js';

const classWeights = v.pipe(
  dictionary(finiteNumber()),
  v.transform((weights): Readonly<Record<number, number>> => weights),
);

/** The types of the settings of a run. Their ranges are checked by `expectSettings` and in `savedSettings`. */
export const runSettings = closedObject({
  /** The id of a data set (`DATASETS`), or the path of a folder of images. */
  data: v.string(),
  /** Uses only the first training images, or a stratified sample of those of a folder, 1 to 1e6. Default: all. */
  limit: v.optional(finiteNumber()),
  /** The size of the images of a folder; default as of `loadFolder`. */
  size: v.optional(closedObject({ height: finiteNumber(), width: finiteNumber() })),
  /** How images of a folder are resized; default 'center-crop'. */
  fit: v.optional(oneOf(RESIZE_FITS)),
  /** The color behind transparent pixels of images of a folder, 0..255; default black. */
  background: v.optional(v.tuple([finiteNumber(), finiteNumber(), finiteNumber()])),
  /** The CSV file with the classes of the images of a folder, and its columns, such as "labels.csv:id,label". Default: found. */
  labels: v.optional(v.string()),
  /** The name of an architecture, or the caller's name for its own model. */
  model: v.string(),
  /** >= 1. */
  epochs: finiteNumber(),
  /**
   * Batches per epoch, >= 1; an epoch continues where the previous one ended. Default: one pass over the
   * images.
   */
  stepsPerEpoch: v.optional(finiteNumber()),
  /** Images per batch, >= 1. */
  batchSize: finiteNumber(),
  optimizer: oneOf(optimizerNames),
  /** > 0. */
  learningRate: finiteNumber(),
  /** Momentum of the optimizers momentum and nesterov, 0 to below 1. Default 0.9. */
  momentum: v.optional(finiteNumber()),
  /** Decoupled weight decay of the kernels (AdamW), multiplied by the learning rate, >= 0. Default 0. */
  weightDecay: v.optional(finiteNumber()),
  /** Learning-rate multiplier of the batch normalization offsets (beta). Default 1. */
  biasScale: v.optional(finiteNumber()),
  /** Learning-rate schedule, such as "one-cycle" (`parseSchedule`). Default: a constant rate. */
  schedule: v.optional(v.string()),
  /** 0 to below 1, as in Keras. Default 0. */
  labelSmoothing: v.optional(finiteNumber()),
  /** The loss weight of each class, by class index, >= 0. Default 1. */
  classWeights: v.optional(classWeights),
  /** Whitens patches of the training images with the first convolution, which is frozen. Default false. */
  whiten: v.optional(v.boolean()),
  /** Default 'unit': [0, 1]. */
  preprocessing: v.optional(oneOf(PREPROCESSINGS)),
  /** Augmentation of the training images, such as "flip,shift=0.1"; "" for none. */
  augment: v.string(),
  /** The training images that are held out for validation, such as "first:0.1"; "separate" for those of the data set itself. */
  validation: v.string(),
  /** Epochs per validation, 1 to `epochs`. Default 1. */
  validateEvery: v.optional(finiteNumber()),
  /** ReduceLROnPlateau on the validation loss; null for none. */
  plateau: v.nullable(closedObject({ factor: finiteNumber(), patience: finiteNumber() })),
  /** EarlyStopping: the number of validations without improvement before training stops; null for none. */
  patience: v.nullable(finiteNumber()),
  /** Determines the initial weights, the order of the images, the augmentation and dropout. */
  seed: finiteNumber(),
});

/** Everything that determines a run; the content of `settings` in run.json. */
export type RunSettings = Readonly<v.InferOutput<typeof runSettings>>;
