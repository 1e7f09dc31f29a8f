import {
  expectLength,
  expectOptions,
  formatCount,
  InputError,
  type OptimalStimulus,
  type OptionNames,
} from '@convlens/core';
import { renderTileFigure, tileSize, type Tile } from '../../charts/tiles.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import { expectCount, expectNonEmpty } from '../../drawing/guards.js';
import { encodeRaster } from '../../drawing/raster.js';

export interface OptimalStimulusGridOptions extends FigureOptions {
  /** The largest number of columns, >= 1; default 8. */
  readonly columns?: number;
  /**
   * For a layer whose input is neither gray nor RGB: the number of input channels to show, >= 1; default 16.
   */
  readonly channels?: number;
}

const OPTIMAL_STIMULUS_GRID_OPTIONS: OptionNames<OptimalStimulusGridOptions> = {
  ...FIGURE_OPTIONS,
  columns: true,
  channels: true,
};

function expectStimuli(stimuli: readonly OptimalStimulus[]): void {
  expectNonEmpty(stimuli, 'stimulus', 'OptimalStimulus');
  const [{ layer, height, width, channels }] = stimuli;
  for (const stimulus of stimuli) {
    if (stimulus.layer !== layer)
      throw new InputError(`Expected stimuli of one layer, got those of ${layer} and ${stimulus.layer}`);
    expectLength('values', stimulus.values, height * width * channels);
  }
}

/** A stimulus with one or three channels as an image. */
function stimulusTile({ filter, values, maximum, width, height, channels }: OptimalStimulus): Tile {
  const bytes = Uint8Array.from(values, (value) => 255 * value);
  return {
    raster: encodeRaster(bytes, { width, height, channels }),
    datum: { filter },
    tooltip: `filter ${filter}, pre-activation ${formatValue(maximum)}`,
    captions: [{ text: String(filter), end: formatValue(maximum) }],
  };
}

/** One channel of a stimulus as a gray image. */
function channelTile(stimulus: OptimalStimulus, channel: number): Tile {
  const { filter, values, maximum, width, height, channels } = stimulus;
  const channelValues = values.filter((_, i) => i % channels === channel);
  const bytes = Uint8Array.from(channelValues, (value) => 255 * value);
  return {
    raster: encodeRaster(bytes, { width, height, channels: 1 }),
    datum: { filter },
    tooltip: `filter ${filter}, channel ${channel}, pre-activation ${formatValue(maximum)}`,
    captions: [{ text: String(channel) }],
  };
}

/**
 * The optimal stimuli of filters: white, or full color, where the weight is positive. One tile per filter for
 * gray and RGB inputs; else one row per filter and one tile per input channel.
 */
export function optimalStimulusGrid(
  stimuli: readonly OptimalStimulus[],
  options: OptimalStimulusGridOptions = {},
): SVGSVGElement {
  expectOptions('optimalStimulusGrid', options, OPTIMAL_STIMULUS_GRID_OPTIONS);
  expectStimuli(stimuli);
  const { columns = 8, channels: limit = 16 } = options;
  const [{ layer, height, width, channels }] = stimuli;
  const figure = {
    title: `Optimal stimuli of ${layer}`,
    size: tileSize({ width, height }, 60),
  };
  const subtitle = `1 where the weight is positive, 0 elsewhere; ${height} × ${width} × ${channels}.`;
  if (channels === 1 || channels === 3)
    return renderTileFigure(options, {
      ...figure,
      subtitle: `${subtitle} Under each: filter, its pre-activation.`,
      columns,
      bands: [{ tiles: stimuli.map(stimulusTile) }],
    });
  const count = Math.min(expectCount('channels', limit), channels);
  const inputChannels = formatCount(channels, 'input channel');
  return renderTileFigure(options, {
    ...figure,
    subtitle: `${subtitle} The first ${count} of ${inputChannels}; beside each row: pre-activation.`,
    labelWidth: 84,
    columns: 16,
    bands: stimuli.map((stimulus) => ({
      labels: [{ text: `filter ${stimulus.filter}`, bold: true }, { text: formatValue(stimulus.maximum) }],
      tiles: Array.from({ length: count }, (_, channel) => channelTile(stimulus, channel)),
    })),
  });
}
