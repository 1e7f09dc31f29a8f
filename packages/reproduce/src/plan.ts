import {
  expectFunction,
  expectObject,
  expectBoolean,
  expectOptions,
  InputError,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import type { Dataset } from '@convlens/image-set/files';
import {
  DATASETS,
  findRecipe,
  runProgress,
  splitTrainingImages,
  type Recipe,
  type RunSettings,
} from '@convlens/pipeline';
import { expectStore, substore, type BlobStore } from '@convlens/storage';
import { setupCaveat, type ImageCounts } from './caveat.js';
import type { Project, ProjectModel } from './projects/project.js';
import { findProject, PROJECTS } from './projects/projects.js';
import { ALL_RECIPES } from './recipes/project-recipes.js';
import { expectScale, scaledCount, scaledSettings } from './scale.js';

/** Loads the images of a data set, as `loadDataset` does. */
export type LoadImages = (request: {
  data: string;
  split: 'train' | 'test';
  limit?: number;
}) => Promise<ImageSet>;

/** A model of a project, and what remains to be trained. */
export interface PlannedModel {
  readonly model: ProjectModel;
  readonly settings: RunSettings;
  /** Its run folder. */
  readonly store: BlobStore;
  readonly images: ImageCounts;
  /** Whether a stand-in replaces the data set of the recipe. */
  readonly usesStandIn: boolean;
  /** Why its results will not be comparable with the project. */
  readonly caveat?: string;
  /** Whether the folder holds a run that will be resumed. */
  readonly isStarted: boolean;
  /** The number of epochs that remain at most. */
  readonly remainingEpochs: number;
}

export interface ReproductionPlan {
  /** The name of the project. */
  readonly name: string;
  readonly title: string;
  readonly scale: number;
  readonly models: readonly PlannedModel[];
}

export interface PlanOptions {
  /**
   * The run folder; of a project with several models the folder of their run folders, or a function that returns the run folder
   * of a recipe.
   */
  readonly store: BlobStore | ((recipe: string) => BlobStore);
  readonly load: LoadImages;
  /** The fraction of the images and epochs, 0.001 to 1. Default 1. */
  readonly scale?: number;
  /** Whether to replace SVHN by house numbers generated from MNIST. Default false. */
  readonly generateSvhn?: boolean;
  /** The projects that can be named. Default PROJECTS. */
  readonly projects?: readonly Project[];
  /** The recipes that their models can name. Default: those of @convlens/pipeline and PROJECT_RECIPES. */
  readonly recipes?: readonly Recipe[];
  /** The data sets that the recipes can name. Default DATASETS. */
  readonly datasets?: readonly Dataset[];
}

const PLAN_OPTIONS: OptionNames<PlanOptions> = {
  store: true,
  load: true,
  scale: true,
  generateSvhn: true,
  projects: true,
  recipes: true,
  datasets: true,
};

/**
 * Plans the reproduction of a project: loads its data sets, so that a missing one is reported before anything
 * is trained, and reads the progress of runs that are already in the folder. Writes nothing.
 *
 * @throws InputError if there is no such project, if a data set is missing, or if a run folder holds another
 *   run.
 */
export async function planReproduction(name: string, options: PlanOptions): Promise<ReproductionPlan> {
  expectOptions('planReproduction', options, PLAN_OPTIONS);
  expectObject('the options of planReproduction', options);
  if (typeof options.store !== 'function') expectStore('store', options.store);
  expectFunction('load', options.load);
  const { store, projects = PROJECTS } = options;
  const { title, models } = findProject(name, projects);
  const scale = expectScale(options.scale ?? 1);
  expectBoolean('generateSvhn', options.generateSvhn ?? false);
  const planned: PlannedModel[] = [];
  for (const model of models) {
    planned.push(await planModel(model, { ...options, scale, store: runStore(store, model, models.length) }));
  }
  return { name, title, scale, models: planned };
}

function runStore(store: PlanOptions['store'], { recipe }: ProjectModel, models: number): BlobStore {
  if (typeof store === 'function') return store(recipe);
  return models === 1 ? store : substore(store, recipe);
}

/** The run folder of a model of a project. */
export interface RunFolder {
  readonly recipe: string;
  /** Its path in the folder of the project; empty if the project has no other model. */
  readonly path: string;
}

/**
 * The run folders of a project, where `planReproduction` gets a folder as `store`.
 *
 * @throws InputError if there is no such project.
 */
export function runFolders(name: string, projects: readonly Project[] = PROJECTS): RunFolder[] {
  const { models } = findProject(name, projects);
  return models.map(({ recipe }) => ({ recipe, path: models.length === 1 ? '' : recipe }));
}

/** Plans one model; `store` is its run folder. */
async function planModel(
  model: ProjectModel,
  options: PlanOptions & { readonly scale: number; readonly store: BlobStore },
): Promise<PlannedModel> {
  const { store, load, scale, generateSvhn, recipes = ALL_RECIPES, datasets = DATASETS } = options;
  const recipe = findRecipe(model.recipe, recipes).settings;
  const standIn = datasets.find(({ standsInFor }) => standsInFor === recipe.data);
  const usesStandIn = generateSvhn === true && standIn !== undefined;
  const data = usesStandIn ? standIn.id : recipe.data;
  const [train, test] = await loadTrainAndTest(data, load, standIn);
  const settings = scaledSettings({ ...recipe, data }, { scale, count: train.count });
  const split = splitTrainingImages(train, settings);
  const images = {
    train: split.train.count,
    validation: split.validation.count,
    test: scaledCount(test.count, scale),
  };
  const dataCaveat = datasets.find(({ id }) => id === data)?.caveat;
  const caveat = setupCaveat({ scale, settings, images, dataCaveat });
  const progress = await runProgress(store, settings);
  return { model, settings, store, images, usesStandIn, ...(caveat && { caveat }), ...progress };
}

async function loadTrainAndTest(
  data: string,
  load: LoadImages,
  standIn: Dataset | undefined,
): Promise<[ImageSet, ImageSet]> {
  try {
    return [await load({ data, split: 'train' }), await load({ data, split: 'test' })];
  } catch (error) {
    const { name, message } = error as Error;
    if (standIn?.standsInFor !== data || name === 'AbortError') throw error;
    throw new InputError(`${message}; or use ${standIn.id} in its place (--generate-svhn)`);
  }
}
