import { expect, it } from 'vitest';
import { optimalStimulusGrid } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { rastersOf, textsOf } from '../../support/svg-queries.js';

const stimulusOf = (channels: number) => ({
  layer: 'conv2',
  filter: 4,
  height: 1,
  width: 2,
  channels,
  values: Float32Array.from({ length: 2 * channels }, (_, i) => (i % 3 ? 0 : 1)),
  maximum: 2.5,
});

it('shows an RGB stimulus as one image, with its pre-activation', () => {
  const svg = optimalStimulusGrid([stimulusOf(3)], { document });
  expect(rastersOf(svg).map(({ data }) => data)).toEqual([[255, 0, 0, 255, 0, 0]]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['4', '2.50']));
});

it('shows a stimulus of a deeper layer channel by channel, at most `channels` of them', () => {
  const svg = optimalStimulusGrid([stimulusOf(4)], { document, channels: 2 });
  expect(rastersOf(svg).map(({ data }) => data)).toEqual([
    [255, 0],
    [0, 0],
  ]);
  expect(textsOf(svg).join()).toContain('first 2 of 4 input channels');
});

it('refuses stimuli of two layers, values that do not fit the shape, and zero channels', () => {
  const render = (stimuli: Parameters<typeof optimalStimulusGrid>[0], channels = 1) =>
    optimalStimulusGrid(stimuli, { document, channels });
  expect(() => render([stimulusOf(3), { ...stimulusOf(3), layer: 'conv3' }])).toThrow(
    'Expected stimuli of one layer, got those of conv2 and conv3',
  );
  expect(() => render([{ ...stimulusOf(3), channels: 1 }])).toThrow(
    'Expected values to hold 2 values, got 6',
  );
  expect(() => render([stimulusOf(4)], 0)).toThrow('Expected channels to be an integer >= 1, got 0');
});
