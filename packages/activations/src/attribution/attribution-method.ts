import type * as tf from '@tensorflow/tfjs';
import type { Heatmap, Images, RegistryEntry } from '@convlens/core';
import type { AttributionOptions, PixelMethod } from './explain-session.js';

/** A function from a model and images to one heatmap per image, such as `gradCam`. */
export type ExplainFunction = (
  model: tf.LayersModel,
  images: Images,
  options: AttributionOptions & { layer?: string },
) => Promise<readonly Heatmap[]>;

export type AttributionFamily = 'pixel' | 'cam' | 'perturbation';

/** low: one gradient per image; medium: tens of gradients; high: one pass per channel or image position. */
export type AttributionCost = 'low' | 'medium' | 'high';

/** An entry of a list of attribution methods, such as ATTRIBUTION_METHODS. */
export interface AttributionMethod extends RegistryEntry {
  /** The name that users write; also `Heatmap.method`. */
  readonly id: string;
  /** The name as in the paper of the method; also `Heatmap.methodTitle`. */
  readonly title: string;
  readonly family: AttributionFamily;
  /** Whether `explain` takes the option `layer`. */
  readonly usesLayer: boolean;
  readonly cost: AttributionCost;
  /**
   * Whether comparisons of methods include it by default, such as sanity checks: one method per idea, and none of
   * high cost. Default false.
   */
  readonly isCompared?: boolean;
  readonly explain: ExplainFunction;
  /** For `attributions`: the method before the channels are collapsed, with its own options. */
  attribute?(parameters: object): PixelMethod;
  /** The names of the options of `attribute`. Default: none. */
  readonly parameters?: Readonly<Record<string, true>>;
}

/** The fields of a record that name its method. */
export const methodFields = ({ id, title }: Pick<AttributionMethod, 'id' | 'title'>) => ({
  method: id,
  methodTitle: title,
});
