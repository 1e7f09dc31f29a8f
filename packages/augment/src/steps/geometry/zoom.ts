import type { GeometryDefinition } from '../definition.js';
import { checkFactorRange, factorRangeSchema, sampleFactor, type FactorRange } from '../factor-range.js';

/**
 * Scales width and height by one factor each, from 1 - fraction to 1 + fraction (0 to 0.99), or from low to
 * high (0.01 to 100; Keras: zoom_range). The factor multiplies coordinates: below 1 the content becomes
 * larger.
 */
export interface Zoom extends FactorRange {
  readonly kind: 'zoom';
}

export const zoom: GeometryDefinition<Zoom> = {
  id: 'zoom',
  family: 'geometry',
  keyword: 'zoom',
  mainOption: 'fraction',
  schema: factorRangeSchema({ fraction: 0.99, low: 0.01, high: 100 }),
  check: checkFactorRange,
  sample: (step, random, geometry) => {
    geometry.zoomColumns = sampleFactor(step, random);
    geometry.zoomRows = sampleFactor(step, random);
  },
};
