import type { ExplainMethodOptions, TestTimeAugmentation } from '@convlens/pipeline';

/** A number of a run. */
export type Measure =
  | 'parameters'
  | 'test accuracy'
  | 'test loss'
  /** Counted from 1. */
  | 'best epoch'
  | 'lowest validation loss'
  /** The epochs, from 1, at whose end the learning rate was reduced. */
  | 'learning-rate cuts'
  /** The test accuracy with test-time augmentation. */
  | { readonly testTimeAugmentation: TestTimeAugmentation }
  /** A metric of an epoch, counted from 1. */
  | { readonly epoch: number | 'last'; readonly metric: 'loss' | 'accuracy' | 'valLoss' | 'valAccuracy' }
  /**
   * A statistic of a layer output: a column of layerStatisticsTable. An analysis by `statistics` must have
   * the layer.
   */
  | { readonly layer: string; readonly statistic: 'mean' | 'min' | 'max' | 'zero' };

/** A number that a project reports, or that is compared although the project does not report it. */
export interface ReportedResult {
  readonly name: string;
  /** In the words of the project: "84.98%", "0.4496", "about 63%". Undefined if it is not reported. */
  readonly reported?: string;
  readonly measure: Measure;
}

/** A figure of the project that the standard report does not have, computed by an explain method. */
export interface Analysis extends ExplainMethodOptions {
  readonly title: string;
  /** The id of an explain method. */
  readonly method: string;
}

/** A model of a project. */
export interface ProjectModel {
  /** The id of its recipe. */
  readonly recipe: string;
  readonly reportedResults: readonly ReportedResult[];
  readonly analyses: readonly Analysis[];
  /** The captions of the figures of its results page, by figure name. */
  readonly figures: Readonly<Record<string, string>>;
  /** How the reproduction differs from the project, and why. */
  readonly differences: readonly string[];
}

/**
 * A course project that can be reproduced: trained, evaluated, explained and compared with its reported
 * results.
 */
export interface Project {
  /** The name that a user types, such as "A". */
  readonly id: string;
  /** One line for lists. */
  readonly title: string;
  readonly models: readonly ProjectModel[];
}
