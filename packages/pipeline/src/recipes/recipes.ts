import { findEntry } from '@convlens/core';
import { cifar10Fast } from './cifar10-fast.js';
import type { Recipe } from './recipe.js';
import { resnet20OneCycle } from './resnet20-one-cycle.js';
import { shapes } from './shapes.js';

/** The built-in recipes; those of the course projects are PROJECT_RECIPES of @convlens/reproduce. */
export const RECIPES: readonly Recipe[] = [shapes, cifar10Fast, resnet20OneCycle];

/**
 * The recipe with an id.
 *
 * @throws InputError that lists the ids if there is none.
 */
export const findRecipe = (id: string, recipes: readonly Recipe[] = RECIPES): Recipe =>
  findEntry('recipe', id, recipes);
