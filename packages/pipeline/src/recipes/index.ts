import { InputError } from '@convlens/core';
import type { RunSettings } from '../settings.js';
import { a } from './a.js';
import { b } from './b.js';
import { c } from './c.js';
import { cifar10Fast } from './cifar10-fast.js';
import { dCifar107layer } from './d-cifar10-7layer.js';
import { dKerasCifar10, dKerasCifar10Long } from './d-keras-cifar10.js';
import { dMnist5x5 } from './d-mnist-5x5.js';
import { dSvhn4conv } from './d-svhn-4conv.js';
import { e } from './e.js';
import type { Recipe } from './recipe.js';
import { resnet20OneCycle } from './resnet20-one-cycle.js';
import { shapes } from './shapes.js';

const table = {
  shapes,
  A: a,
  B: b,
  C: c,
  'D-keras-cifar10': dKerasCifar10,
  'D-keras-cifar10-long': dKerasCifar10Long,
  'D-cifar10-7layer': dCifar107layer,
  'D-mnist-5x5': dMnist5x5,
  'D-svhn-4conv': dSvhn4conv,
  E: e,
  'cifar10-fast': cifar10Fast,
  'resnet20-one-cycle': resnet20OneCycle,
} satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof table;

/** Of each recipe one field, by the recipe's name. */
const column = <K extends keyof Recipe>(field: K) =>
  Object.fromEntries(Object.entries(table).map(([name, recipe]) => [name, recipe[field]])) as Record<
    RecipeName,
    Recipe[K]
  >;

/** The settings of every recipe that a run can start from; each can still be replaced. */
export const recipes: Readonly<Record<RecipeName, RunSettings>> = column('settings');

/** What each recipe is, in a line. */
export const recipeTitles: Readonly<Record<RecipeName, string>> = column('about');

/** The settings of a recipe by its name. */
export function recipeOf(name: string): RunSettings {
  if (!Object.hasOwn(recipes, name))
    throw new InputError(
      `Expected a recipe's name, one of ${Object.keys(recipes).join(', ')}, got ${JSON.stringify(name)}`,
    );
  return recipes[name as RecipeName];
}
