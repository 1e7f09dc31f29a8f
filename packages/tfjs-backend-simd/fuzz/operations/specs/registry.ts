import type { OperationSpec } from '../operation-spec.js';
import { ARRANGEMENTS } from './arrangements.js';
import { BINARY } from './binary.js';
import { CONVOLUTIONS } from './convolutions.js';
import { JOINING } from './joining.js';
import { POOLS_AND_NORMS } from './pools-and-norms.js';
import { PRODUCTS } from './products.js';
import { REDUCTIONS } from './reductions.js';
import { UNARY } from './unary.js';

const ALL = [
  ...UNARY,
  ...BINARY,
  ...REDUCTIONS,
  ...ARRANGEMENTS,
  ...JOINING,
  ...PRODUCTS,
  ...CONVOLUTIONS,
  ...POOLS_AND_NORMS,
];

export const OPERATIONS: ReadonlyMap<string, OperationSpec> = new Map(ALL.map((spec) => [spec.name, spec]));
