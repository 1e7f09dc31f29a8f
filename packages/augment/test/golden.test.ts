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
} from '../src/index.js';
import golden from './fixtures/image-data-generator.json' with { type: 'json' };

interface Case {
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
 * Runs one case as Keras would. Keras exchanges the centre offsets of images that are not square, a fault that
 * affineMatrix does not have; exchanged sizes give it the same one, so that these cases too check everything else.
 */
function replay({ image, params, fill_mode, cval }: Case): Float32Array {
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
  const rest: Partial<Augmentation> = {
    flip: params.flip_horizontal ?? false,
    flipVertical: params.flip_vertical ?? false,
    after: shift === undefined ? [] : [{ kind: 'channelShift', levels: shift }],
  };
  const one = { pixels: Float32Array.from(data), height, width, channels };
  const border = { fill: fill_mode as FillMode, fillValue: cval };
  if (height === width) return applyAugmentation(one, { ...geometry, ...rest }, border);
  const matrix = affineMatrix(geometry, { height: width, width: height });
  return applyAugmentation({ ...one, pixels: warp(one, { matrix, ...border }) }, rest);
}

describe.each([
  ['apply_affine_transform', golden.affine as Case[]],
  ['ImageDataGenerator.apply_transform', golden.apply_transform as Case[]],
])('warp gives what %s of Keras gives', (_, cases) => {
  it.each(cases.map((one, number) => ({ one, number, title: one.note ?? JSON.stringify(one.params) })))(
    'case $number, $one.fill_mode: $title',
    ({ one }) => {
      // 1e-5 of the scale of the image: one is on 0..255, the others on 0..1.
      const tolerance = Math.max(...golden.images[one.image].data) > 1 ? 1e-5 * 255 : 1e-5;
      const warped = replay(one);
      const furthest = Math.max(...one.expected.data.map((value, i) => Math.abs(value - warped[i])));
      expect(warped.length).toBe(one.expected.data.length);
      expect(furthest).toBeLessThan(tolerance);
    },
  );

  it('has cases of every fill mode', () => {
    expect([...new Set(cases.map((one) => one.fill_mode))].sort()).toEqual([
      'constant',
      'nearest',
      'reflect',
      'wrap',
    ]);
  });
});

describe('imageDataGenerator gives what ImageDataGenerator.standardize of Keras gives', () => {
  const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

  it.each(golden.standardize)('$options', ({ options, image, mean, std, expected }) => {
    const named = Object.fromEntries(Object.entries(options).map(([name, value]) => [camel(name), value]));
    const { steps } = imageDataGenerator({
      ...(named as ImageDataGeneratorOptions),
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
    const got = augmentBatch(
      { ...batch, height, width, channels, pixels, indices: Uint32Array.of(0) },
      steps,
    );
    expected.data.forEach((value, i) => expect(Math.abs(got.pixels[i] - value)).toBeLessThan(1e-5));
  });
});
