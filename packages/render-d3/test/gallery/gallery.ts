import { FIGURES } from '../../src/figures.js';
import type { Figure, FigureOptions } from '../../src/index.js';
import { makeImages } from '../support/records.js';
import { ACTIVATION_CASES } from './activations.js';
import { ATTRIBUTION_CASES } from './attribution.js';
import { EVALUATION_CASES } from './evaluation.js';
import { FEATURE_VISUALIZATION_CASES } from './feature-visualization.js';
import type { GalleryImages } from './fixtures.js';
import { IMAGE_CASES } from './images.js';
import { MODEL_CASES } from './model.js';
import { TRAINING_CASES } from './training.js';

const CASES = [
  ...TRAINING_CASES,
  ...IMAGE_CASES,
  ...EVALUATION_CASES,
  ...MODEL_CASES,
  ...ACTIVATION_CASES,
  ...ATTRIBUTION_CASES,
  ...FEATURE_VISUALIZATION_CASES,
];

export interface GalleryItem {
  /** "training-curves/default": the figure and the case, and the path of the snapshot. */
  readonly name: string;
  readonly title: string;
  /** The source of the records and options. */
  readonly source: string;
  render(options?: FigureOptions, images?: GalleryImages): SVGSVGElement;
}

/** Every case of every figure of the registry. */
export const GALLERY: readonly GalleryItem[] = FIGURES.flatMap(({ id, title, figure }) =>
  CASES.filter((candidate) => candidate.figure === figure).flatMap(({ cases }) =>
    Object.entries(cases).map(([name, makeCase]) => ({
      name: `${id}/${name}`,
      title,
      source: String(makeCase),
      render(options: FigureOptions = {}, images: GalleryImages = makeImages()) {
        const [records, caseOptions] = makeCase(images);
        return (figure as Figure<unknown>)(records, { ...options, ...caseOptions });
      },
    })),
  ),
);
