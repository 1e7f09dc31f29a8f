import { expectObject, expectList } from '@convlens/core';
import type { ReportData } from '../data/report-data.js';
import { accuracySection } from './accuracy-section.js';
import { attributionSection } from './attribution-section.js';
import { faithfulnessSection } from './faithfulness-section.js';
import { featureVisualizationSection } from './feature-visualization-section.js';
import { filtersSection } from './filters-section.js';
import { layersSection } from './layers-section.js';
import { predictionsSection } from './predictions-section.js';
import { sectionOfPart, type ReportSectionDefinition } from './report-section.js';
import { statisticsSection } from './statistics-section.js';
import { topActivationsSection } from './top-activations-section.js';
import { trainingSection } from './training-section.js';

/** The sections of the report of a run. */
export const REPORT_SECTIONS: readonly ReportSectionDefinition<ReportData>[] = [
  trainingSection,
  accuracySection,
  filtersSection,
  topActivationsSection,
  sectionOfPart(featureVisualizationSection, ({ featureVisualization }) => featureVisualization),
  attributionSection,
  sectionOfPart(faithfulnessSection, ({ faithfulness }) => faithfulness),
  layersSection,
  statisticsSection,
];

/** The records that a report on images without labels is rendered from. `test` holds the images. */
export type ImageReportData = Pick<
  ReportData,
  | 'test'
  | 'examples'
  | 'predictions'
  | 'layers'
  | 'modelSummary'
  | 'featureMaps'
  | 'kernels'
  | 'gradCam'
  | 'pixelAttributions'
  | 'layerStatistics'
  | 'featureVisualization'
  | 'faithfulness'
>;

/** The sections of a report on images without labels. */
export const IMAGE_REPORT_SECTIONS: readonly ReportSectionDefinition<ImageReportData>[] = [
  predictionsSection,
  filtersSection,
  sectionOfPart(featureVisualizationSection, ({ featureVisualization }) => featureVisualization),
  attributionSection,
  sectionOfPart(faithfulnessSection, ({ faithfulness }) => faithfulness),
  layersSection,
  statisticsSection,
];

/** The names of the figures of a report; CLASS and N stand for classes and filters. */
export function figureNames(
  sections: readonly Pick<ReportSectionDefinition<never>, 'figureNames'>[] = REPORT_SECTIONS,
): string[] {
  expectList('sections', sections, expectObject);
  return sections.flatMap((section) => section.figureNames);
}
