import { expectObject } from '@convlens/core';
import type { RunSettings } from '../run/run-settings.js';
import type { LoadDatasetOptions } from './datasets.js';

/** The settings that say how the images of a folder are read, as options of `loadDataset`. */
export function folderOptionsOf(
  settings: Pick<RunSettings, 'size' | 'fit' | 'background' | 'labels'>,
): Pick<LoadDatasetOptions, 'height' | 'width' | 'fit' | 'background' | 'labels'> {
  expectObject('settings', settings);
  const { size, fit, background, labels } = settings;
  return { ...size, fit, background, labels };
}
