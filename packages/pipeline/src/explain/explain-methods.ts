import { extend } from '@convlens/core';
import { ATTRIBUTION_EXPLAIN_METHODS } from './attribution-methods.js';
import { diagnoseInputMethod } from './diagnose-input-method.js';
import type { ExplainMethod } from './explain-method.js';
import { faithfulnessMethods } from './faithfulness-methods.js';
import { FEATURE_MAP_METHODS } from './feature-map-methods.js';
import { featureVisualizationMethod } from './feature-visualization-method.js';
import { FILTER_METHODS } from './filter-methods.js';
import { LAYER_METHODS } from './layer-methods.js';
import { mistakesMethod } from './mistakes-method.js';

/**
 * The built-in explain methods. For others pass `extend(EXPLAIN_METHODS, [...])` as the option `methods`;
 * `heatmapMethod` makes one of an attribution method.
 */
export const EXPLAIN_METHODS: readonly ExplainMethod[] = [
  FEATURE_MAP_METHODS,
  LAYER_METHODS,
  [mistakesMethod],
  FILTER_METHODS,
  ATTRIBUTION_EXPLAIN_METHODS,
  faithfulnessMethods(),
  [diagnoseInputMethod, featureVisualizationMethod],
].reduce((methods, entries) => extend(methods, entries));
