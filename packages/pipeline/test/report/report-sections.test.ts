import { describe, expect, it } from 'vitest';
import {
  defineSection,
  figure,
  figureNames,
  figuresPer,
  REPORT_SECTIONS,
  type FigureSpec,
} from '../../src/index.js';
import { buildSections, sectionOfPart } from '../../src/report/sections/report-section.js';

const render: FigureSpec['render'] = () => {
  throw new Error('not rendered');
};

describe('figureNames', () => {
  it('lists the figures of the sections of a report, in their order', () => {
    expect(figureNames()).toEqual([
      'training_curves',
      'augmentation_examples',
      'confusion_matrix',
      'roc_curves',
      'precision_recall_curves',
      'mistakes',
      'selected_images',
      'class_probabilities_CLASS',
      'conv1_filter_kernels',
      'optimal_stimuli',
      'similar_filters',
      'feature_maps_CLASS',
      'all_feature_maps_CLASS',
      'max_activating_filterN',
      'per_class_activation',
      'top20_activations',
      'strongest_filters',
      'optimized_classes',
      'scores_of_optimized_classes',
      'optimized_filters',
      'grad_cam_CLASS',
      'methods_CLASS',
      'insertion_and_deletion',
      'sanity_check',
      'network_diagram',
      'layer_separability',
      'correct_and_wrong',
    ]);
    expect(new Set(REPORT_SECTIONS.map(({ id }) => id)).size).toBe(REPORT_SECTIONS.length);
  });
});

describe('a section', () => {
  interface Data {
    readonly items: readonly string[];
    readonly part?: number;
  }
  const section = defineSection<Data>({
    id: 'test',
    title: 'Test',
    text: ({ items }) => items.join(),
    figures: [
      figure('absent', () => undefined),
      figuresPer('CLASS', {
        items: ({ items }) => items,
        suffix: (item) => item,
        figures: {
          a_CLASS: (_, item) => ({ caption: `a of ${item}`, render }),
          b_CLASS: (_, item) => ({ caption: `b of ${item}`, render }),
        },
      }),
    ],
  });

  it('has its figures item by item, with the item in place of CLASS', () => {
    const [spec] = buildSections([section], { items: ['cat', 'big dog'] });
    expect(spec.text).toBe('cat,big dog');
    expect(spec.figures.map(({ name, caption }) => [name, caption])).toEqual([
      ['a_cat', 'a of cat'],
      ['b_cat', 'b of cat'],
      ['a_big-dog', 'a of big dog'],
      ['b_big-dog', 'b of big dog'],
    ]);
    expect(section.figureNames).toEqual(['absent', 'a_CLASS', 'b_CLASS']);
  });

  it('about a missing part of the data is left out', () => {
    const ofPart = sectionOfPart(
      defineSection<number>({ id: 'part', title: 'Part', text: String, figures: [] }),
      ({ part }: Data) => part,
    );
    expect(buildSections([section, ofPart], { items: [] }).map(({ id }) => id)).toEqual(['test']);
    expect(buildSections([ofPart], { items: [], part: 7 })[0].text).toBe('7');
  });
});
