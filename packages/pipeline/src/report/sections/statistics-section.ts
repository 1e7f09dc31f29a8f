import { layerStatisticsTable } from '@convlens/render-d3/report';
import { describeSample } from '../../data/sample-images.js';
import type { ReportData } from '../data/report-data.js';
import { defineSection } from './report-section.js';

type StatisticsData = Pick<ReportData, 'layerStatistics' | 'test'> & Partial<Pick<ReportData, 'settings'>>;

/** "3 of relu2, 1 of relu3": the dead channels of each layer that has any. */
const deadChannels = ({ layerStatistics }: StatisticsData): string =>
  layerStatistics
    .map(({ layer, channels }) => ({ layer, count: channels.filter(({ max }) => max <= 0).length }))
    .filter(({ count }) => count > 0)
    .map(({ layer, count }) => `${count} of ${layer}`)
    .join(', ');

export const statisticsSection = defineSection<StatisticsData>({
  id: 'statistics',
  title: 'Layer statistics',
  text: (data) => {
    const dead = deadChannels(data);
    const sample = { data: data.settings?.data, count: data.layerStatistics[0].imageCount };
    return `Statistics of the layer outputs for ${describeSample(data.test, sample)}. ${dead ? `Dead filters: ${dead}.` : 'No filter is dead.'}`;
  },
  figures: [],
  tables: ({ layerStatistics }) => [layerStatisticsTable(layerStatistics)],
  questions: ['How does the sparsity change with depth, and what does that say about the filters?'],
});
