import type { ImageDefinition } from '../definition.js';

/**
 * Adds one number from -levels to levels (0 to 255) to all values of an image; clips to the smallest and
 * largest value that the image had (Keras: channel_shift_range, apply_channel_shift).
 */
export interface ChannelShift {
  readonly kind: 'channelShift';
  readonly levels: number;
}

export interface ChannelShiftOperation {
  readonly kind: 'channelShift';
  readonly levels: number;
}

export const channelShift: ImageDefinition<ChannelShift, ChannelShiftOperation> = {
  id: 'channelShift',
  family: 'image',
  keyword: 'channelshift',
  mainOption: 'levels',
  schema: { levels: { type: 'number', min: 0, max: 255 } },
  sample: ({ levels }, random) => ({ kind: 'channelShift', levels: levels * (2 * random() - 1) }),
  operationSchema: { levels: { type: 'number' } },
  apply: ({ pixels }, { levels }) => {
    let low = Infinity;
    let high = -Infinity;
    for (const value of pixels) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    for (let i = 0; i < pixels.length; i++) pixels[i] = Math.max(low, Math.min(high, pixels[i] + levels));
  },
};
