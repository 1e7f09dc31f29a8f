import { InputError, type ImageSet } from '@convlens/core';
import { substore, type BlobStore } from '@convlens/storage';
import { openCheckpoints } from '@convlens/training';
import { recipes } from '../recipes/index.js';
import { checkpointStore, names, readRun } from '../run-folder.js';
import type { RunSettings } from '../settings.js';
import { splitOf } from '../train.js';
import { expectScale, scaledCount, scaledSettings } from './scale.js';
import type { SourceNetwork } from './source.js';
import { sourceOf } from './sources.js';

/** Gives the images of a data set, such as `loadDataset` does. */
export type LoadImages = (request: {
  data: string;
  split: 'train' | 'test';
  limit?: number;
}) => Promise<ImageSet>;

/** A network of a source, and what is still to be done for it. */
export interface PlannedNetwork {
  readonly network: SourceNetwork;
  readonly settings: RunSettings;
  /** Its run folder. */
  readonly store: BlobStore;
  /** How many images it is trained on, validated on and tested on. */
  readonly images: { readonly train: number; readonly validation: number; readonly test: number };
  /** Whether there is something to go on from, and how many epochs are left at most. */
  readonly begun: boolean;
  readonly epochsLeft: number;
}

export interface ReproductionPlan {
  /** Of the source. */
  readonly name: string;
  readonly about: string;
  readonly scale: number;
  readonly networks: readonly PlannedNetwork[];
}

export interface PlanOptions {
  /** The folder of the reproduction: the run folder itself, or, where a source has several networks, that of their run folders. */
  store: BlobStore;
  load: LoadImages;
  /** 0.001 to 1: the share of the images and of the epochs. Default 1. */
  scale?: number;
  /** Takes house numbers that are drawn from MNIST's digits where a network is trained on SVHN. Default false. */
  generateSvhn?: boolean;
}

/**
 * What it takes to do a source again. Reads its data sets, so that one that is missing is known before anything is
 * trained, and what a folder already holds; changes nothing.
 */
export async function planReproduction(name: string, options: PlanOptions): Promise<ReproductionPlan> {
  const { store, load, generateSvhn = false } = options;
  const { about, networks } = sourceOf(name);
  const scale = expectScale(options.scale ?? 1);
  const planned: PlannedNetwork[] = [];
  for (const network of networks) {
    const recipe = recipes[network.recipe];
    const data = generateSvhn && recipe.data === 'svhn' ? 'svhn-generated' : recipe.data;
    const [train, test] = await loadBoth(data, load);
    const settings = scaledSettings({ ...recipe, data }, { scale, count: train.count });
    const run = networks.length === 1 ? store : substore(store, network.recipe);
    const held = splitOf(train, settings);
    planned.push({
      network,
      settings,
      store: run,
      images: {
        train: held.train.count,
        validation: held.validation.count,
        test: scaledCount(test.count, scale),
      },
      ...(await begunIn(run, settings)),
    });
  }
  return { name, about, scale, networks: planned };
}

async function loadBoth(data: string, load: LoadImages): Promise<[ImageSet, ImageSet]> {
  try {
    return [await load({ data, split: 'train' }), await load({ data, split: 'test' })];
  } catch (error) {
    const { name, message } = error as Error;
    if (data !== 'svhn' || name === 'AbortError') throw error;
    throw new InputError(`${message}; or take house numbers drawn from MNIST in its place (--generate-svhn)`);
  }
}

/** How far a run folder has come with these settings; throws an InputError if it holds a run with others. */
async function begunIn(
  store: BlobStore,
  settings: RunSettings,
): Promise<{ begun: boolean; epochsLeft: number }> {
  const { epochs } = settings;
  if (!(await store.read(names.run))) return { begun: false, epochsLeft: epochs };
  const { description, history } = await readRun(store);
  const saved: Partial<RunSettings> = description.settings;
  const keys = Object.keys({ ...settings, ...saved }) as (keyof RunSettings)[];
  const other = keys.find((key) => JSON.stringify(saved[key]) !== JSON.stringify(settings[key]));
  if (other)
    throw new InputError(
      `Expected an empty folder or one of this very reproduction, found a run with ${other} ` +
        `${JSON.stringify(saved[other]) ?? 'as it is by default'} in place of ${JSON.stringify(settings[other]) ?? 'its default'} in ${store.location}`,
    );
  const checkpoint = await openCheckpoints(checkpointStore(store)).latest(() => {});
  const isOver = checkpoint?.stopped || history.length >= epochs;
  return { begun: true, epochsLeft: isOver ? 0 : epochs - (checkpoint?.epochs ?? 0) };
}
