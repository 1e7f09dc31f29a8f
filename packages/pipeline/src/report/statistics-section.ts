import { layerStatisticsTable } from '@convlens/render-d3/report';
import type { ReportMaterials } from './materials.js';
import type { SectionPlan } from './section.js';

export function statisticsSection({
  statistics,
  test,
}: Pick<ReportMaterials, 'statistics' | 'test'>): SectionPlan {
  const dead = statistics.map(({ layer, channels }) => ({
    layer,
    count: channels.filter(({ max }) => max <= 0).length,
  }));
  const silent = dead.filter(({ count }) => count > 0).map(({ layer, count }) => `${count} of ${layer}`);
  return {
    id: 'statistics',
    title: 'The numbers of each layer',
    text:
      `What the layers put out for the first ${statistics[0].images.toLocaleString('en-US')} images of ${test.name}. ` +
      (silent.length
        ? `Filters that never answer: ${silent.join(', ')}.`
        : 'Every filter answers to some image: none is dead.'),
    figures: [],
    tables: [layerStatisticsTable(statistics)],
    questions: ['How does the share of zeros change with depth, and what does that say of the filters?'],
  };
}
