/** How closely a report looks at what takes long: not at all, at a little of it, or at much. */
export const reportDetails = ['brief', 'normal', 'full'] as const;
export type ReportDetail = (typeof reportDetails)[number];

/** What is made and tested for a report. */
export interface Closeness {
  /** Filters of the middle layer that images are made for. */
  readonly filters: number;
  /** Steps that images are made in. */
  readonly steps: number;
  /** Images that insertion, deletion and the randomization of weights are tried on. */
  readonly trials: number;
}

export const closeness: Readonly<Record<ReportDetail, Closeness | undefined>> = {
  brief: undefined,
  normal: { filters: 8, steps: 64, trials: 6 },
  full: { filters: 32, steps: 256, trials: 50 },
};
