import type { OperationSpec } from '../operation-spec.js';
import { ARRANGEMENTS } from './arrangements.js';
import { CONVOLUTIONS } from './convolutions.js';
import { ELEMENTWISE } from './elementwise.js';
import { POOLS_AND_NORMS } from './pools-and-norms.js';
import { PRODUCTS } from './products.js';
import { REDUCTIONS } from './reductions.js';

export const OPERATIONS: ReadonlyMap<string, OperationSpec> = new Map(
  [...ELEMENTWISE, ...REDUCTIONS, ...ARRANGEMENTS, ...PRODUCTS, ...CONVOLUTIONS, ...POOLS_AND_NORMS].map(
    (spec) => [spec.name, spec],
  ),
);
