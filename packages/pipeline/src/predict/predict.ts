import { predictions } from '@convlens/activations';
import {
  expectImageArray,
  expectInteger,
  expectLength,
  expectList,
  expectOptions,
  imageIndex,
  indexRange,
  InputError,
  selectImages,
  type Images,
  type ImageSet,
  type OptionNames,
  type Prediction,
} from '@convlens/core';
import { imageGrid, probabilityBars } from '@convlens/render-d3';
import { selectExamples } from '../data/select-examples.js';
import { toFileName, type FigureSpec } from '../figures/figure-spec.js';
import { expectSameClasses } from '../evaluation/evaluate.js';
import { expectOpenModel } from '../run/expect-open-model.js';
import type { OpenModel } from '../run/open-model.js';

export interface PredictOptions {
  /** The images by their index in the set. */
  readonly indices?: readonly number[];
  /** In place of `indices`: the `nth` image of each of these classes. */
  readonly classes?: readonly string[];
  /** Which image of each class, counted from 1. Default 3. */
  readonly nth?: number;
  /** One name per image of the set, such as its file; default: none. */
  readonly names?: readonly string[];
  readonly signal?: AbortSignal;
  /** Called after each batch with the number of images that are predicted and their total. */
  readonly onProgress?: (done: number, total: number) => void;
}

const PREDICT_OPTIONS: OptionNames<PredictOptions> = {
  indices: true,
  classes: true,
  nth: true,
  names: true,
  signal: true,
  onProgress: true,
};

/** What a model predicts for an image. */
export interface ImagePrediction extends Prediction {
  /** Its name in `names`, else "#INDEX". */
  readonly name: string;
}

export interface PredictResult {
  /** In the order of the classes of the model. */
  readonly classNames: readonly string[];
  /** In the order of the selection. */
  readonly predictions: readonly ImagePrediction[];
  /** The images with their predictions, and the class probabilities of each. */
  readonly figures: readonly FigureSpec[];
}

/**
 * The predictions of a model for some images, with its own preprocessing, and their figures. Without `indices`, `classes` and
 * `nth`: of labeled images the third of three classes, else all.
 *
 * @throws InputError if images are chosen in two ways or not at all, if an index or a class does not exist, if the classes of the images are not
 *   those of the model, or if the model does not output one score per class or one value.
 */
export async function predict(
  opened: OpenModel,
  images: ImageSet,
  options: PredictOptions = {},
): Promise<PredictResult> {
  expectOptions('predict', options, PREDICT_OPTIONS);
  expectOpenModel('opened', opened);
  expectImageArray('images', images);
  const { names, signal, onProgress } = options;
  if (names !== undefined) expectLength('names', names, images.count);
  expectSameClasses(opened, images);
  const selected = selectImages(images, selectedIndices(images, options));
  const { model, preprocessing, output } = opened;
  const records = await predictions(model, selected, { preprocessing, output, signal, onProgress });
  const named = records.map((record, i) => ({ ...record, name: nameOf(selected, i, names) }));
  return {
    classNames: images.classNames,
    predictions: named,
    figures: [gridOf(selected, named, names !== undefined), ...barsOf(named, images.classNames)],
  };
}

function selectedIndices(images: ImageSet, { indices, classes, nth }: PredictOptions): ArrayLike<number> {
  if (indices !== undefined) {
    if (classes || nth !== undefined) throw new InputError('Expected indices, or classes and nth, got both');
    if (indices.length === 0) throw new InputError('Expected at least one index in indices, got none');
    expectList('indices', indices, (name, index) => expectInteger(name, index, { max: images.count - 1 }));
    return indices;
  }
  const isDefault = !classes && nth === undefined;
  if (isDefault && !images.labels) return indexRange(images.count);
  return selectExamples(images, { classes, nth }).map(({ index }) => index);
}

const nameOf = (images: Images, position: number, names: readonly string[] | undefined): string => {
  const index = imageIndex(images, position);
  return names?.[index] ?? `#${index}`;
};

function gridOf(images: Images, records: readonly ImagePrediction[], isNamed: boolean): FigureSpec {
  const isLabeled = images.labels !== undefined;
  return {
    name: 'predictions',
    caption: 'The images and their predictions.',
    note: isLabeled
      ? '✓ correct, ✗ wrong, with the probability of the predicted class. Green: the predicted class. Red: the true class, if it is another one.'
      : 'The percentage is the probability of the predicted class.',
    render: (options) =>
      imageGrid(images, {
        ...options,
        predictions: records,
        title: 'Predictions',
        ...(isNamed && { captions: records.map(({ name }) => name) }),
      }),
  };
}

/** A figure of the class probabilities of each image; none for a model that outputs values. */
const barsOf = (records: readonly ImagePrediction[], classNames: readonly string[]): FigureSpec[] =>
  records
    .filter(({ values }) => !values)
    .map((record) => ({
      name: `probabilities_${toFileName(record.name).replace(/^-/, '')}`,
      caption: `The class probabilities of ${record.name}.`,
      facets: { image: record.name },
      render: (options) => probabilityBars(record, { ...options, classNames }),
    }));
