import { expectOptions, randomAt, type ImageSet, type LabeledImageSet, type Random } from '@convlens/core';
import { LOAD_SPLIT_OPTIONS, type FileSource, type LoadSplitOptions } from '@convlens/image-set/files';
import { loadMnist } from './load-mnist.js';

export type LoadGeneratedSvhnOptions = LoadSplitOptions;

const SIZE = 32;
const IMAGE_BYTES = SIZE * SIZE * 3;
const SEED = 0;
/** The distance between the digits of a house number, in pixels. */
const DIGIT_SPACING = 20;

/**
 * A stand-in for SVHN where it is unavailable. Each image shows a digit of MNIST in a random color on a
 * random background with a vertical gradient, between two other digits that are cut off at the sides. It is
 * easier than SVHN: the digits are sharp, upright and of one size. Image i shows the digit of image i of
 * MNIST and has its label; count x 32 x 32 x 3 bytes.
 *
 * @throws InputError as loadMnist does.
 */
export async function loadGeneratedSvhn(
  source: FileSource,
  options: LoadGeneratedSvhnOptions = {},
): Promise<LabeledImageSet> {
  expectOptions('loadGeneratedSvhn', options, LOAD_SPLIT_OPTIONS);
  const { split = 'train' } = options;
  const digits = await loadMnist(source, options);
  const { count } = digits;
  const pixels = new Uint8Array(count * IMAGE_BYTES);
  for (let i = 0; i < count; i++)
    paintHouseNumber(pixels.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES), {
      digits,
      index: i,
      random: randomAt(SEED, 'house number', split, i),
    });
  return {
    ...digits,
    name: `generated house numbers, ${split}`,
    pixels,
    height: SIZE,
    width: SIZE,
    channels: 3,
  };
}

interface PlacedDigit {
  /** The index of its image in MNIST. */
  readonly digit: number;
  readonly top: number;
  readonly left: number;
}

/** The order of the random numbers determines the images: it must not change. */
function paintHouseNumber(
  pixels: Uint8Array,
  { digits, index, random }: { digits: ImageSet; index: number; random: Random },
): void {
  const background = [255 * random(), 255 * random(), 255 * random()];
  // At least 90 levels from the background, so that the digit is legible.
  const foreground = background.map((value) => (value + 90 + 75 * random()) % 255);
  const slope = 80 * (random() - 0.5);
  const margin = (SIZE - digits.width) / 2;
  const [top, left] = [0, 0].map(() => Math.round(margin + 4 * (random() - 0.5)));
  const randomDigit = () => Math.floor(random() * digits.count);
  const placedDigits: PlacedDigit[] = [
    { digit: index, top, left },
    { digit: randomDigit(), top, left: left - DIGIT_SPACING },
    { digit: randomDigit(), top, left: left + DIGIT_SPACING },
  ];
  for (let row = 0; row < SIZE; row++) {
    const shade = slope * (row / SIZE - 0.5);
    for (let column = 0; column < SIZE; column++) {
      let coverage = 0;
      for (const { digit, top: digitTop, left: digitLeft } of placedDigits)
        coverage = Math.max(
          coverage,
          coverageAt(digits, { digit, row: row - digitTop, column: column - digitLeft }),
        );
      for (let c = 0; c < 3; c++) {
        const shaded = background[c] + shade;
        const value = shaded + (foreground[c] - shaded) * coverage;
        pixels[(row * SIZE + column) * 3 + c] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
  }
}

/** The fraction of a pixel that a digit covers; 0 outside its image. */
function coverageAt(
  { pixels, width, height }: ImageSet,
  { digit, row, column }: { digit: number; row: number; column: number },
): number {
  if (row < 0 || row >= height || column < 0 || column >= width) return 0;
  return pixels[(digit * height + row) * width + column] / 255;
}
