import { expectFields } from '@convlens/core';
import { isFolderPath } from '../data/datasets.js';
import type { RunDescription } from '../run/run-folder.js';
import type { RunSettings } from '../run/run-settings.js';

const lastPart = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((part) => part !== '')
    .at(-1) ?? path;

/** A path as run folders name it, which others may get: "./pets" for /images/pets. The id of a data set stays. */
export const recordedData = (data: string): string =>
  isFolderPath(data) && !/^\.\.?[\\/]*$/.test(data) ? `./${lastPart(data)}` : data;

/** The name of a data set for people: "pets" of "./pets". */
export const dataName = (data: string): string => (isFolderPath(data) ? lastPart(data) : data);

/** An absolute path, or the path of a module; other names with slashes are the caller's own. */
const PATH = /^([\\/]|[a-z]:[\\/])|[\\/].*\.[cm]?js$/i;

/** Settings as run folders hold them: the folder of images and the module of a model by name, without the folders around them. */
export function recordedSettings(settings: RunSettings): RunSettings {
  expectFields('RunSettings', 'settings', settings, { data: 'string', model: 'string' });
  const { data, model } = settings;
  return { ...settings, data: recordedData(data), model: PATH.test(model) ? lastPart(model) : model };
}

/** A description as run.json holds it: without paths of the machine, which are nobody else's, and of which others may learn names. */
export function recordedDescription({ dataDir: _, ...description }: RunDescription): RunDescription {
  return { ...description, settings: recordedSettings(description.settings) };
}
