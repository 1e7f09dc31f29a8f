import { describe, expect, it } from 'vitest';
import {
  affineMatrix,
  applyAugmentation,
  augmentBatch,
  imageDataGenerator,
  warp,
  type Augmentation,
  type FillMode,
  type ImageDataGeneratorOptions,
} from '../../src/index.js';
import golden from '../fixtures/image-data-generator.json' with { type: 'json' };

interface GoldenCase {
  image: number;
  params: Partial<
    Record<'theta' | 'tx' | 'ty' | 'shear' | 'zx' | 'zy' | 'channel_shift_intensity', number> &
      Record<'flip_horizontal' | 'flip_vertical', boolean>
  >;
  fill_mode: string;
  cval: number;
  expected: { data: number[] };
  note?: string;
}

/**
 * The result for one case. Keras exchanges the center offsets of images that are not square, a fault that
 * affineMatrix does not have. The exchanged height and width reproduce it, so that these cases check
 * everything else.
 */
function replay({ image, params, fill_mode, cval }: GoldenCase): Float32Array {
  const { shape, data } = golden.images[image];
  const [height, width, channels] = shape;
  const geometry = {
    rotation: params.theta ?? 0,
    shiftColumns: params.tx ?? 0,
    shiftRows: params.ty ?? 0,
    shear: params.shear ?? 0,
    zoomColumns: params.zx ?? 1,
    zoomRows: params.zy ?? 1,
  };
  const shift = params.channel_shift_intensity;
  const others: Partial<Augmentation> = {
    flip: params.flip_horizontal ?? false,
    flipVertical: params.flip_vertical ?? false,
    after: shift === undefined ? [] : [{ kind: 'channelShift', levels: shift }],
  };
  const input = { pixels: Float32Array.from(data), height, width, channels };
  const border = { fillMode: fill_mode as FillMode, fillValue: cval };
  if (height === width) return applyAugmentation(input, { ...geometry, ...others }, border);
  const matrix = affineMatrix(geometry, { height: width, width: height });
  return applyAugmentation({ ...input, pixels: warp(input, { matrix, ...border }) }, others);
}

describe.each([
  ['apply_affine_transform', golden.affine as GoldenCase[]],
  ['ImageDataGenerator.apply_transform', golden.apply_transform as GoldenCase[]],
])('warp is equal to %s of Keras', (_, cases) => {
  it.each(cases.map((test, number) => ({ test, number, title: test.note ?? JSON.stringify(test.params) })))(
    'case $number, $test.fill_mode: $title',
    ({ test }) => {
      // 1e-5 of the scale of the image: 0..255 for one image, 0..1 for the others.
      const tolerance = Math.max(...golden.images[test.image].data) > 1 ? 1e-5 * 255 : 1e-5;
      const warped = replay(test);
      const maxError = Math.max(...test.expected.data.map((value, i) => Math.abs(value - warped[i])));
      expect(warped.length).toBe(test.expected.data.length);
      expect(maxError).toBeLessThan(tolerance);
    },
  );

  it('has cases of every fill mode', () => {
    expect([...new Set(cases.map((test) => test.fill_mode))].sort()).toEqual([
      'constant',
      'nearest',
      'reflect',
      'wrap',
    ]);
  });
});

describe('imageDataGenerator is equal to ImageDataGenerator.standardize of Keras', () => {
  const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

  it.each(golden.standardize)('$options', ({ options, image, mean, std, expected }) => {
    const camelCased = Object.fromEntries(
      Object.entries(options).map(([name, value]) => [camelCase(name), value]),
    );
    const { steps } = imageDataGenerator({
      ...(camelCased as ImageDataGeneratorOptions),
      ...(mean && { mean }),
      ...(std && { std }),
    });
    const { shape, data } = golden.images[image];
    const [height, width, channels] = shape;
    const batch = {
      kind: 'image-batch',
      name: 'golden',
      epoch: 0,
      step: 0,
      count: 1,
      classNames: [],
    } as const;
    const pixels = Float32Array.from(data);
    const augmented = augmentBatch(
      { ...batch, height, width, channels, pixels, indices: Uint32Array.of(0) },
      steps,
    );
    expected.data.forEach((value, i) => expect(Math.abs(augmented.pixels[i] - value)).toBeLessThan(1e-5));
  });
});
