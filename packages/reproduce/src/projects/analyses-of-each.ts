import type { Analysis } from './project.js';

type LayerAnalysis = Analysis & { readonly layer: string };

const fill = (text: string, item: string | number) => text.replace('*', String(item));

/** One analysis per item, which stands for the * in title and layer. */
export const analysesOfEach = (items: readonly (string | number)[], analysis: LayerAnalysis): Analysis[] =>
  items.map((item) => ({
    ...analysis,
    title: fill(analysis.title, item),
    layer: fill(analysis.layer, item),
  }));
