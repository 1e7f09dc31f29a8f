export const VISUALIZATION_SCORES = ['logit', 'margin', 'probability'] as const;

/**
 * What an image of a class is optimized for: the logit of the class; its margin over the other classes, the
 * log-odds log(p / (1 - p)) of its probability p; or the probability.
 */
export type VisualizationScore = (typeof VISUALIZATION_SCORES)[number];
