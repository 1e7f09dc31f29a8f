/**
 * How convolutions at stride 1 are computed: with 3x3 kernels by Winograd's F(4x4, 3x3) and with 5x5 kernels by his F(2x2, 5x5),
 * the quickest and exact to about 1e-5 of the largest result; with 3x3 kernels by F(2x2, 3x3), exact to about 1e-6, and others
 * directly; or all directly, as they are defined.
 */
export type ConvolutionMethod = 'winograd' | 'winograd-2x2' | 'direct';

/** A tile of Winograd's way, on each side: its pixels of the image, and the results they give. */
export interface Tile {
  size: number;
  results: number;
}

/** By the size of the kernels. */
const TILES: Record<ConvolutionMethod, Record<number, Tile | undefined>> = {
  winograd: { 3: { size: 6, results: 4 }, 5: { size: 6, results: 2 } },
  'winograd-2x2': { 3: { size: 4, results: 2 } },
  direct: {},
};

let method: ConvolutionMethod = 'winograd';

export function setConvolutionMethod(choice: ConvolutionMethod): void {
  if (!Object.hasOwn(TILES, choice)) {
    const names = Object.keys(TILES).map((name) => `'${name}'`);
    throw new RangeError(`Expected method to be one of ${names.join(', ')}, got ${JSON.stringify(choice)}`);
  }
  method = choice;
}

export const getConvolutionMethod = (): ConvolutionMethod => method;

/** The tile for square kernels of a size in the way that is chosen now; none: directly. */
export const tileOf = (kernelSize: number): Tile | undefined => TILES[method][kernelSize];
