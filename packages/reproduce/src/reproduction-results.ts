import type { EpochRecord } from '@convlens/core';
import type { RunSettings } from '@convlens/pipeline';
import type { ReportTable } from '@convlens/render-d3/report';
import type { ImageCounts } from './caveat.js';

/**
 * The results of a reproduced model: the content of results.json. It holds no dates and no paths of a
 * machine.
 */
export interface ReproductionResults {
  /** The id of the recipe. */
  readonly recipe: string;
  /** The title of the project. */
  readonly title: string;
  /** The command that repeats it. */
  readonly command: string;
  /** 1 if all images and epochs were used. */
  readonly scale: number;
  readonly settings: RunSettings;
  readonly images: ImageCounts;
  /** Why the results are not comparable with the project. */
  readonly caveat?: string;
  readonly backend: string;
  readonly versions: Readonly<Record<string, string>>;
  /** The duration of training and validation. */
  readonly hours: number;
  readonly history: readonly EpochRecord[];
  readonly comparison: ReportTable;
  readonly differences: readonly string[];
  /** A remark on the run. */
  readonly note?: string;
  /** The captions of the figures of the results page, by figure name. */
  readonly figures: Readonly<Record<string, string>>;
}
