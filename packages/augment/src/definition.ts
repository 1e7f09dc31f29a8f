import type { Random } from '@convlens/core';
import type { Options } from './option.js';

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** One image that is changed in place. */
export interface Canvas extends Size {
  readonly pixels: Float32Array;
  readonly channels: number;
}

/** What is drawn for the one warp that all steps of geometry make together. */
export interface Geometry {
  /** Whether left and right are exchanged, after everything else of the warp. */
  flip: boolean;
  /** Whether top and bottom are exchanged, after everything else of the warp. */
  flipVertical: boolean;
  /** In degrees, counterclockwise. */
  rotation: number;
  /** In pixels: each output pixel shows what lay so many columns to the right, so the content moves left. */
  shiftColumns: number;
  /** In pixels: each output pixel shows what lay so many rows below, so the content moves up. */
  shiftRows: number;
  /** In degrees. */
  shear: number;
  /** A factor of coordinates: below 1 the content grows wider ... */
  zoomColumns: number;
  /** ... or higher. */
  zoomRows: number;
}

interface Definition {
  /** What the step is called in text. */
  readonly word: string;
  /** The option that stands right behind the word in text, as in "cutout=8". */
  readonly main?: string;
  readonly options: Options;
}

/** A step that changes where pixels lie: it writes what it draws into `drawn`. */
export interface GeometryDefinition<S> extends Definition {
  /** What a step must have, in words, if it has not; for rules about several options. */
  readonly check?: (step: S) => string | undefined;
  readonly draw: (step: S, random: Random, drawn: Geometry, at: Size & { readonly epoch: number }) => void;
  /** Of which epoch the random numbers are in this epoch; default: of this one. */
  readonly streamEpoch?: (step: S, epoch: number) => number;
}

/** A step that changes one image: it draws an operation (none: the image is left alone), which `apply` carries out. */
export interface ImageDefinition<S, O> extends Definition {
  readonly check?: (step: S) => string | undefined;
  readonly draw: (step: S, random: Random, size: Size) => O | undefined;
  /** The fields of the operation. */
  readonly drawn: Options;
  readonly apply: (canvas: Canvas, operation: O) => void;
}

/** A step that mixes the images of a batch: what is drawn for one pair. */
export interface MixDefinition<S> extends Definition {
  readonly check?: (step: S) => string | undefined;
  readonly draw: (step: S, random: Random, size: Size) => { weight: number; box?: Box };
}

/** A rectangle of pixels. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}
