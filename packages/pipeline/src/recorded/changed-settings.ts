import { expectObject, InputError } from '@convlens/core';
import { recordedSettings } from './recorded-settings.js';
import type { RunSettings } from '../run/run-settings.js';

const settingText = (value: unknown) =>
  typeof value === 'object' ? JSON.stringify(value, Object.keys(value ?? {}).sort()) : String(value);

interface ChangedSetting {
  readonly name: keyof RunSettings;
  /** The values as text; "undefined" for a default. */
  readonly savedText: string;
  readonly currentText: string;
}

/** The settings whose values differ from those of a saved run. */
export function changedSettings(settings: RunSettings, saved: RunSettings): ChangedSetting[] {
  const [now, before] = [settings, saved].map(recordedSettings);
  const names = Object.keys({ ...saved, ...settings }) as (keyof RunSettings)[];
  return names
    .map((name) => ({ name, savedText: settingText(before[name]), currentText: settingText(now[name]) }))
    .filter(({ savedText, currentText }) => savedText !== currentText);
}

/**
 * Throws an InputError that names a setting, other than epochs, that differs from that of the run to be
 * resumed.
 */
export function expectSameSettings(settings: RunSettings, saved: RunSettings): void {
  expectObject('settings', settings);
  expectObject('saved', saved);
  const changed = changedSettings(settings, saved).find(({ name }) => name !== 'epochs');
  if (changed)
    throw new InputError(
      `Expected ${changed.name} to be ${changed.savedText}, as in the run to be resumed, got ` +
        `${changed.currentText}`,
    );
}
