import { extend } from '@convlens/core';
import { RECIPES, type Recipe } from '@convlens/pipeline';
import { recipeA } from './a.js';
import { recipeB } from './b.js';
import { recipeC } from './c.js';
import { recipeDCifar10SevenLayer } from './d-cifar10-7layer.js';
import { recipeDKerasCifar10, recipeDKerasCifar10Long } from './d-keras-cifar10.js';
import { recipeDMnist5x5 } from './d-mnist-5x5.js';
import { recipeDSvhn4Conv } from './d-svhn-4conv.js';
import { recipeE } from './e.js';

/** The recipes of the projects. */
export const PROJECT_RECIPES: readonly Recipe[] = [
  recipeA,
  recipeB,
  recipeC,
  recipeDKerasCifar10,
  recipeDKerasCifar10Long,
  recipeDCifar10SevenLayer,
  recipeDMnist5x5,
  recipeDSvhn4Conv,
  recipeE,
];

/** The recipes of @convlens/pipeline and those of the projects. */
export const ALL_RECIPES: readonly Recipe[] = extend(RECIPES, PROJECT_RECIPES);
