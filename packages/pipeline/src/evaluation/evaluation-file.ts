import { finiteNumber, integer, list, metric, openObject } from '@convlens/storage';
import * as v from 'valibot';

/** An evaluation as files hold it. */
export const savedEvaluation = openObject({
  /** The name of the set. */
  name: v.string(),
  /** The number of images. */
  count: integer({ min: 1 }),
  /** Mean cross-entropy, natural logarithm. */
  loss: metric(),
  /** 0 to 1. */
  accuracy: finiteNumber({ min: 0, max: 1 }),
  /** The number of images: [label][predicted class]. */
  confusion: list(list(integer())),
});

export type SavedEvaluation = Readonly<v.InferOutput<typeof savedEvaluation>>;

/** Whether an evaluation has a row and a column of the confusion matrix for each class. */
export const hasSquareConfusion = ({ confusion }: SavedEvaluation, classes: number): boolean =>
  [confusion, ...confusion].every((row) => row.length === classes);

export const evaluationFile = openObject({
  /** The epoch whose weights were evaluated. */
  epoch: integer(),
  test: savedEvaluation,
});

/** The content of evaluation.json. */
export type EvaluationFile = Readonly<v.InferOutput<typeof evaluationFile>>;
