import type { LayerSpec } from '../layer-spec.js';
import { ACTIVATION_LAYERS } from './activation-layers.js';
import { ARRANGEMENT_LAYERS } from './arrangements.js';
import { CONVOLUTION_LAYERS } from './convolutions.js';
import { MERGE_LAYERS } from './merges.js';
import { NORM_LAYERS } from './norms.js';
import { OTHER_LAYERS } from './others.js';
import { POOL_LAYERS } from './pools.js';

/** A family of layers and how often one of it is chosen. */
interface Family {
  readonly layers: readonly LayerSpec[];
  readonly weight: number;
}

export const FAMILIES: readonly Family[] = [
  { layers: CONVOLUTION_LAYERS, weight: 8 },
  { layers: POOL_LAYERS, weight: 3 },
  { layers: NORM_LAYERS, weight: 4 },
  { layers: MERGE_LAYERS, weight: 4 },
  { layers: ACTIVATION_LAYERS, weight: 4 },
  { layers: ARRANGEMENT_LAYERS, weight: 3 },
  { layers: OTHER_LAYERS, weight: 2 },
];

export const LAYERS: ReadonlyMap<string, LayerSpec> = new Map(
  FAMILIES.flatMap(({ layers }) => layers).map((spec) => [spec.name, spec]),
);
