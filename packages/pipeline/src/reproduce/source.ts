import type { RecipeName } from '../recipes/index.js';
import type { ExplainOptions } from '../explain/request.js';
import type { methodNames } from '../explain/explain.js';
import type { TestTimeViews } from '../test-time-views.js';

/** What a claim is about, by where it is found in a run. */
export type Measure =
  | 'parameters'
  | 'test accuracy'
  | 'test loss'
  | 'best epoch'
  | 'lowest validation loss'
  /** The epochs, from 1, after which the learning rate fell. */
  | 'rate cuts'
  /** The test accuracy of the mean over views of each image. */
  | { readonly average: TestTimeViews }
  /** What the training measured in an epoch, from 1. */
  | { readonly epoch: number | 'last'; readonly of: 'loss' | 'accuracy' | 'valLoss' | 'valAccuracy' }
  /** The mean over what a layer puts out, or another statistic; one of the looks must have the method statistics. */
  | { readonly layer: string; readonly of: 'mean' | 'min' | 'max' | 'zero' };

/** A number that the source reports, or one that it does not and that says how good the network is. */
export interface Claim {
  readonly what: string;
  /** As the source writes it: "84.98%", "0.4496", "about 63%"; undefined where it says nothing. */
  readonly reported?: string;
  readonly measure: Measure;
}

/** A look inside by one method of `explain`, beyond what every report shows. */
export interface Look extends Pick<
  ExplainOptions,
  'layer' | 'filters' | 'classes' | 'nth' | 'index' | 'target' | 'scale' | 'columns'
> {
  readonly title: string;
  readonly method: (typeof methodNames)[number];
}

/** A network of a source: how it is trained, what is said of it, and what is looked at. */
export interface SourceNetwork {
  readonly recipe: RecipeName;
  readonly claims: readonly Claim[];
  readonly looks: readonly Look[];
  /** The figures that a page of results keeps, by the names of their files, each with what it shows. */
  readonly shown: Readonly<Record<string, string>>;
  /** What is not as in the source, and why. */
  readonly differs: readonly string[];
}

/** A project or report that is done again, step by step: train, evaluate, every look, the report, the comparison. */
export interface Source {
  /** What it is, in a line. */
  readonly about: string;
  readonly networks: readonly SourceNetwork[];
}
