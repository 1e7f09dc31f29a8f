/**
 * How 3x3 convolutions at stride 1 are computed: by Winograd's F(4x4, 3x3), the quickest and exact to about 1e-5 of the largest
 * result; by his F(2x2, 3x3), exact to about 1e-6; or directly, as they are defined.
 */
export type ConvolutionMethod = 'winograd' | 'winograd-2x2' | 'direct';

/** Pixels of a tile's image on each side, two more than of its results. */
const TILE: Record<ConvolutionMethod, number> = { winograd: 6, 'winograd-2x2': 4, direct: 0 };

let method: ConvolutionMethod = 'winograd';

export function setConvolutionMethod(choice: ConvolutionMethod): void {
  if (!Object.hasOwn(TILE, choice)) {
    const names = Object.keys(TILE).map((name) => `'${name}'`);
    throw new RangeError(`Expected method to be one of ${names.join(', ')}, got ${JSON.stringify(choice)}`);
  }
  method = choice;
}

export const getConvolutionMethod = (): ConvolutionMethod => method;

/** The way that is chosen now, as pixels of a tile on each side; 0: directly. */
export const tileSize = (): number => TILE[method];
