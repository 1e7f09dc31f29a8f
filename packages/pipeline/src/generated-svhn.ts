import { randomAt, type ImageSet, type Random } from '@convlens/core';
import { loadMnist, type LoadMnistOptions } from '@convlens/digits-data';
import type { FileSource } from '@convlens/image-set/files';

const SIZE = 32;
const SEED = 0;
/** How far apart two digits of a house number stand, in pixels. */
const PITCH = 20;

/**
 * Images in the shape of SVHN for where it cannot be had: digits of MNIST in a random colour on a random ground that
 * brightens or darkens downwards, with another digit cut off at either side. Easier than SVHN: they are sharp, upright
 * and all of one size. Image i is that of MNIST, with its label; count x 32 x 32 x 3 bytes.
 */
export async function loadGeneratedSvhn(
  source: FileSource,
  { split = 'train', ...options }: LoadMnistOptions = {},
): Promise<ImageSet> {
  const digits = await loadMnist(source, { split, ...options });
  const { count } = digits;
  const pixels = new Uint8Array(count * SIZE * SIZE * 3);
  for (let i = 0; i < count; i++) {
    const random = randomAt(SEED, 'house number', split, i);
    drawNumber(pixels.subarray(i * SIZE * SIZE * 3, (i + 1) * SIZE * SIZE * 3), { digits, index: i, random });
  }
  return {
    ...digits,
    name: `generated house numbers, ${split}`,
    pixels,
    height: SIZE,
    width: SIZE,
    channels: 3,
  };
}

function drawNumber(
  pixels: Uint8Array,
  { digits, index, random }: { digits: ImageSet; index: number; random: Random },
): void {
  const ground = [255 * random(), 255 * random(), 255 * random()];
  // Far enough from the ground to be read.
  const ink = ground.map((value) => (value + 90 + 75 * random()) % 255);
  const slope = 80 * (random() - 0.5);
  const margin = (SIZE - digits.width) / 2;
  const [top, left] = [0, 0].map(() => Math.round(margin + 4 * (random() - 0.5)));
  const other = () => Math.floor(random() * digits.count);
  const placed = [
    { digit: index, left },
    { digit: other(), left: left - PITCH },
    { digit: other(), left: left + PITCH },
  ];
  for (let row = 0; row < SIZE; row++)
    for (let column = 0; column < SIZE; column++) {
      let cover = 0;
      for (const one of placed)
        cover = Math.max(
          cover,
          strokeAt(digits, { digit: one.digit, row: row - top, column: column - one.left }),
        );
      for (let c = 0; c < 3; c++) {
        const behind = ground[c] + slope * (row / SIZE - 0.5);
        const value = behind + (ink[c] - behind) * cover;
        pixels[(row * SIZE + column) * 3 + c] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
}

/** How much of a pixel a digit covers, 0 to 1; beside its image nothing. */
function strokeAt(
  { pixels, width, height }: ImageSet,
  { digit, row, column }: { digit: number; row: number; column: number },
): number {
  if (row < 0 || row >= height || column < 0 || column >= width) return 0;
  return pixels[(digit * height + row) * width + column] / 255;
}
