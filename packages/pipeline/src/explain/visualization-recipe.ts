import { visualizationPresets, type VisualizationPreset } from '@convlens/activations';
import { expectOneOf, type ImageSet } from '@convlens/core';

/** The name of a visualization preset. */
export type VisualizationRecipe = keyof typeof visualizationPresets;

const RECIPE_BY_CHANNELS: Readonly<Record<number, VisualizationRecipe | undefined>> = {
  1: 'mnist',
  3: 'lucid',
};

/** The recipe for the images of a model: 'mnist' for gray images, 'lucid' for color images. */
export const visualizationRecipeFor = ({ channels }: ImageSet): VisualizationRecipe =>
  RECIPE_BY_CHANNELS[channels] ?? 'svhn';

/**
 * The preset of a recipe.
 *
 * @throws InputError if there is no such recipe.
 */
export function visualizationPreset(recipe: VisualizationRecipe): VisualizationPreset {
  expectOneOf('recipe', recipe, Object.keys(visualizationPresets));
  return visualizationPresets[recipe];
}
