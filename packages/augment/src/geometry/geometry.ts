/** The parameters of one warp, which all geometry steps of a chain write together. */
export interface Geometry {
  /** Whether left and right are exchanged, after the rest of the warp. */
  flip: boolean;
  /** Whether top and bottom are exchanged, after the rest of the warp. */
  flipVertical: boolean;
  /** In degrees, counterclockwise. */
  rotation: number;
  /** In pixels; a positive shift moves the content to the left. */
  shiftColumns: number;
  /** In pixels; a positive shift moves the content up. */
  shiftRows: number;
  /** In degrees. */
  shear: number;
  /** The factor of column coordinates: below 1 the content becomes wider. */
  zoomColumns: number;
  /** The factor of row coordinates: below 1 the content becomes higher. */
  zoomRows: number;
}

/** The identity. */
export const NO_WARP: Readonly<Geometry> = Object.freeze({
  flip: false,
  flipVertical: false,
  rotation: 0,
  shiftColumns: 0,
  shiftRows: 0,
  shear: 0,
  zoomColumns: 1,
  zoomRows: 1,
});

/** Whether the warp changes anything. */
export const isWarped = (geometry: Readonly<Geometry>): boolean =>
  geometry.flip ||
  geometry.flipVertical ||
  geometry.rotation !== 0 ||
  geometry.shiftColumns !== 0 ||
  geometry.shiftRows !== 0 ||
  geometry.shear !== 0 ||
  geometry.zoomColumns !== 1 ||
  geometry.zoomRows !== 1;
