import { resolve } from 'node:path';
import { InputError } from '@convlens/core';
import {
  expectSettings,
  isFolderPath,
  readRun,
  recordedSettings,
  RUN_FILES,
  type RunDescription,
  type RunSettings,
} from '@convlens/pipeline';
import type { BlobReader } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { resolveDataDir, resolveRunData } from '../data/data-dir.js';
import { isModelModule, moduleChecksum } from '../models/model-module.js';
import type { TrainingFlags } from '../options/training-options.js';
import {
  newRunSettings,
  repeatedSettings,
  resumedSettings,
  withFolderSettings,
} from '../options/training-settings.js';
import type { Console } from '../terminal/console.js';
import { quoteArgument } from '../terminal/quote-argument.js';

export interface ResumeFlags {
  resume?: boolean;
  resumeOrStart?: boolean;
}

/** What a training command is going to do. */
export interface TrainingPlan {
  /** As run.json records them, without paths. */
  readonly settings: RunSettings;
  /** The id of the data set, or the path of the folder of images. */
  readonly data: string;
  readonly dataDir: string;
  /** The module that defines the model, if the command line names one. */
  readonly module?: string;
  /** Whether a run in the folder is continued. */
  readonly resume: boolean;
}

export interface PlanTrainingOptions {
  /** The run folder; undefined for a new one. */
  readonly out: string | undefined;
  /** The recipe that is used without --recipe. */
  readonly fallbackRecipe?: string;
}

/**
 * Decides whether a run is started or resumed, and with which settings. A resumed run keeps its settings; its data set and its model
 * are opened only by names of the command line where they are files.
 */
export async function planTraining(
  flags: TrainingFlags & ResumeFlags,
  { out, fallbackRecipe }: PlanTrainingOptions,
  console: Console,
): Promise<TrainingPlan> {
  if (flags.resume && flags.resumeOrStart)
    throw new InputError('Expected --resume or --resume-or-start, got both');
  if (out === undefined && (flags.resume || flags.resumeOrStart))
    throw new InputError('Expected --out, the run folder to resume');
  const store = out === undefined ? undefined : folderStore(out);
  const hasRun = store !== undefined && (await store.read(RUN_FILES.run)) !== undefined;
  if (store && (flags.resume || (flags.resumeOrStart && hasRun))) return planResume(flags, store, console);
  const settings = expectSettings(await withFolderSettings(newRunSettings(flags, fallbackRecipe), flags));
  const { model, size, fit } = settings;
  if (size && fit)
    console.event('size', { size, fit }, `images of ${size.height} x ${size.width} (--size), ${fit} (--fit)`);
  return {
    settings: recordedSettings(settings),
    data: settings.data,
    dataDir: resolveDataDir(flags.dataDir),
    ...(isModelModule(model) && { module: model }),
    resume: false,
  };
}

async function planResume(
  flags: TrainingFlags & ResumeFlags,
  store: BlobReader,
  console: Console,
): Promise<TrainingPlan> {
  const { description } = await readRun(store);
  const { data, dataDir } = await resolveRunData(flags, description, console);
  const module = await resumedModule(flags.model, description);
  const sameFlags = sameFiles(flags, description);
  // A folder that was renamed is known by the checksum of its images.
  const isSameData =
    isFolderPath(description.settings.data) && isFolderPath(data) && description.dataChecksum !== undefined;
  const savedData = isSameData && { data: description.settings.data };
  // The same command starts and resumes a run: its recipe is compared with the settings of the run.
  const settings = expectSettings(
    flags.resumeOrStart && flags.recipe !== undefined
      ? repeatedSettings(
          {
            ...(await withFolderSettings(newRunSettings(sameFlags), sameFlags, description.settings)),
            ...savedData,
          },
          description.settings,
        )
      : resumedSettings(isSameData ? { ...sameFlags, data: undefined } : sameFlags, description.settings),
  );
  return {
    settings: recordedSettings(settings),
    data,
    dataDir,
    ...(module !== undefined && { module }),
    resume: true,
  };
}

/** Flags in which a module with the same contents has the name that run.json has. */
function sameFiles(flags: TrainingFlags, { settings, moduleChecksum }: RunDescription): TrainingFlags {
  const isSame = isModelModule(settings.model) && moduleChecksum !== undefined;
  return isSame ? { ...flags, model: settings.model } : flags;
}

/**
 * The module of a resumed run, which the command line names: the one in run.json is not run, since the run folder may come from
 * somebody else.
 */
async function resumedModule(
  model: string | undefined,
  { settings, moduleChecksum: saved }: RunDescription,
): Promise<string | undefined> {
  if (!isModelModule(settings.model)) return undefined;
  if (model === undefined)
    throw new InputError(
      `Expected --model, since this run was trained with the module ${settings.model}, which is not run because the run folder ` +
        `names it. If you trust it, add --model ${quoteArgument(settings.model)}`,
    );
  if (!isModelModule(model)) return undefined;
  const module = resolve(model);
  if (saved === undefined) return module;
  const checksum = await moduleChecksum(module);
  if (checksum !== saved)
    throw new InputError(
      `Expected ${module} to be the module that this run was trained with (SHA-256 ${saved}), got SHA-256 ${checksum}: restore ` +
        'the file, or start a new run',
    );
  return module;
}
