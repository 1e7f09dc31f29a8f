/** How much a report computes of what takes long: nothing, some, or much of it. */
export const REPORT_DETAILS = ['brief', 'normal', 'full'] as const;
export type ReportDetail = (typeof REPORT_DETAILS)[number];

/** How much feature visualization and faithfulness a report computes. */
export interface DetailBudget {
  /** The number of filters of the middle layer that images are optimized for. */
  readonly visualizedFilters: number;
  /** The number of steps of each optimization. */
  readonly visualizationSteps: number;
  /** The number of images that the insertion and deletion curves and the sanity checks use. */
  readonly faithfulnessImages: number;
}

/** Undefined: none of it is computed. */
export const DETAIL_BUDGETS: Readonly<Record<ReportDetail, DetailBudget | undefined>> = {
  brief: undefined,
  normal: { visualizedFilters: 8, visualizationSteps: 64, faithfulnessImages: 6 },
  full: { visualizedFilters: 32, visualizationSteps: 256, faithfulnessImages: 50 },
};
