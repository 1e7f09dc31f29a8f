export { renderReport } from './render-report.js';
export { layerStatisticsTable } from './statistics-table.js';
export type { Report, ReportFigure, ReportSection, ReportTable } from './report-types.js';
