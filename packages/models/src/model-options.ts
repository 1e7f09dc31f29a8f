import { expectInteger, InputError } from '@convlens/core';

export interface ModelOptions {
  /** [height, width, channels] of one image. Default: what the architecture was made for. */
  inputShape?: [number, number, number];
  /** How many classes it tells apart, >= 2. Default 10. */
  classes?: number;
  /** Of the initial weights and the dropout masks. Default 0. */
  seed?: number;
}

/** The options with their defaults; throws an InputError for one that is out of range. */
export function completeOptions(
  { inputShape, classes = 10, seed = 0 }: ModelOptions,
  defaultShape: [number, number, number],
): Required<ModelOptions> {
  const shape = inputShape ?? defaultShape;
  if (!Array.isArray(shape) || shape.length !== 3)
    throw new InputError(`Expected inputShape to be [height, width, channels], got ${JSON.stringify(shape)}`);
  ['height', 'width', 'channels'].forEach((name, i) =>
    expectInteger(`inputShape's ${name}`, shape[i], { min: 1 }),
  );
  expectInteger('classes', classes, { min: 2 });
  expectInteger('seed', seed, { min: Number.MIN_SAFE_INTEGER });
  return { inputShape: shape, classes, seed };
}
