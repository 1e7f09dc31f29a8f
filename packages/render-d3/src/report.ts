export { renderReport } from './report/render-report.js';
export { layerStatisticsTable } from './report/layer-statistics-table.js';
export type { Report, ReportFigure, ReportSection, ReportTable } from './report/types.js';
