import {
  expectOptions,
  imagePosition,
  InputError,
  type Images,
  type OptionNames,
  type TopActivation,
  type TopActivations,
} from '@convlens/core';
import { renderTileFigure, tileSize, type Tile } from '../../charts/tiles.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import { expectWithImages, expectCount, expectNonEmpty } from '../../drawing/guards.js';
import { className, labelName } from '../../drawing/images.js';
import { imageRaster } from '../../drawing/raster.js';
import { selectFilters } from '../../drawing/select-filters.js';

export interface TopActivationStripsOptions extends FigureOptions {
  /** One filter or several; default: all of the records. */
  readonly filters?: number | readonly number[];
  /** The largest number of images per strip, >= 1; default 5. */
  readonly count?: number;
  /** Whether the receptive field of the maximum is outlined; default false. */
  readonly showReceptiveField?: boolean;
}

const TOP_ACTIVATION_STRIPS_OPTIONS: OptionNames<TopActivationStripsOptions> = {
  ...FIGURE_OPTIONS,
  filters: true,
  count: true,
  showReceptiveField: true,
};

interface Strip {
  readonly filter: number;
  readonly reduction: TopActivations['reduction'];
  readonly entries: readonly TopActivation[];
  readonly spaceAbove: number;
}

/** One strip per filter and record, strips of the same filter close together. */
function stripsOf(records: readonly TopActivations[], filters: readonly number[], count: number): Strip[] {
  return filters.flatMap((filter) =>
    records.map(({ filters: recorded, reduction }, i) => {
      const entries = recorded.find((candidate) => candidate.filter === filter)?.entries;
      if (entries)
        return { filter, reduction, entries: entries.slice(0, count), spaceAbove: i === 0 ? 14 : 2 };
      throw new InputError(`Expected filter ${filter} in all of topActivations, got none by ${reduction}`);
    }),
  );
}

const describeStrip = ({ filter, reduction, entries }: Strip) =>
  `Filter ${filter} by ${reduction}: images ${entries.map(({ index }) => index).join(', ') || 'none'}.`;

/**
 * The top activations of filters: one strip per filter and record (such as by mean and by max), strongest
 * image first. `images` holds the images of the records: the set, or a batch of it.
 */
export function topActivationStrips(
  records: { readonly topActivations: readonly TopActivations[]; readonly images: Images },
  options: TopActivationStripsOptions = {},
): SVGSVGElement {
  expectOptions('topActivationStrips', options, TOP_ACTIVATION_STRIPS_OPTIONS);
  const { topActivations, images } = expectWithImages(records);
  expectNonEmpty(topActivations, 'record', 'TopActivations');
  const { showReceptiveField = false } = options;
  const count = expectCount('count', options.count ?? 5);
  const [{ layer, filters: recorded }] = topActivations;
  const available = recorded.map(({ filter }) => filter);
  const filters = selectFilters({ name: 'filters', selected: options.filters, available });
  const strips = stripsOf(topActivations, filters, count);
  const entryTile = ({ index, score, label, receptiveField }: TopActivation, filter: number): Tile => {
    const position = imagePosition(images, index);
    const name =
      label === undefined ? (labelName(images, position) ?? '') : className(images.classNames, label);
    return {
      raster: imageRaster(images, position),
      datum: { index, filter },
      tooltip: `#${index} ${name}, score ${formatValue(score)}`,
      outline: showReceptiveField ? receptiveField : undefined,
      captions: [{ text: formatValue(score), end: `#${index}`, bold: true }, { text: name }],
    };
  };
  const reductions = topActivations.map(({ reduction }) => reduction).join(' and by ');
  return renderTileFigure(options, {
    title: `Top activations of ${layer}${filters.length === 1 ? `, filter ${filters[0]}` : ''}`,
    subtitle:
      `Images of ${images.name}, ranked by ${reductions} of the feature map. ` +
      'Under each: score, index, class.' +
      (showReceptiveField ? ' Outlined: receptive field of the maximum.' : ''),
    description: strips.map(describeStrip).join(' '),
    size: tileSize(images, 96),
    labelWidth: 84,
    columns: 10,
    bands: strips.map(({ filter, reduction, entries, spaceAbove }) => ({
      labels: [{ text: `by ${reduction}`, bold: true }, { text: `filter ${filter}` }],
      tiles: entries.map((entry) => entryTile(entry, filter)),
      spaceAbove,
    })),
  });
}
