import { idsOf, InputError, parsePixelScaling, PIXEL_SCALINGS } from '@convlens/core';
import type { RgbColor } from '@convlens/image-set/folder';
import { REPORT_DETAILS, type ImageSize } from '@convlens/pipeline';
import { Option, type Command } from 'commander';
import { backendNames } from '../backend/choose-backend.js';

/** Parses a number. Its range is checked where it is used. */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value))
    throw new InputError(`Expected a number, got ${JSON.stringify(text)}`);
  return value;
}

/** Parses a list separated by commas. */
export const parseList = (text: string): string[] => text.split(',').map((item) => item.trim());

export const dataDirOption = () =>
  new Option(
    '--data-dir <dir>',
    'folder of the data sets; default: $CONVLENS_DATA_DIR, else the cache folder',
  );

export const customLayersOption = () =>
  new Option(
    '--custom-layers <file>',
    'module with the export customLayers, for models with layer classes of your own; it is run',
  );

export const architectureOption = () =>
  new Option(
    '--architecture <source>',
    'the model of a file with weights only (.weights.h5, .pt, .pth, .safetensors): model.json, a model folder, a module (.mjs), which is run, or an architecture',
  );

export const backendOption = () =>
  new Option('--backend <name>', `TensorFlow.js backend: ${backendNames.join(', ')}`).default('auto');

export const detailOption = () =>
  new Option(
    '--detail <level>',
    'optimized images and faithfulness tests in the report: none (brief), some (normal), many (full)',
  )
    .choices([...REPORT_DETAILS])
    .default('normal');

/** Which output of a model with several is read. */
export const outputOption = () =>
  new Option(
    '--output <output>',
    'the output of a model that has several, by name or index (see convlens layers MODEL)',
  ).argParser((text: string) => (/^\d+$/.test(text) ? Number(text) : text));

/** What a model reads in place of pixels of 0..255. */
export const pixelsOption = () =>
  new Option(
    '--pixels <range>',
    `the model inputs that pixels become: ${idsOf(PIXEL_SCALINGS).join(', ')} (modes of Keras applications), alone or with the channel order, such as 0..1,bgr; ` +
      'default: what is saved with the model, else 0..255 if it scales pixels itself, else 0..1',
  ).argParser(parsePixelScaling);

/** Parses "224" or "192x256", height before width. */
export function parseSize(text: string): ImageSize {
  const match = /^(\d{1,5})(?:x(\d{1,5}))?$/.exec(text);
  const [height, width] = match ? [Number(match[1]), Number(match[2] ?? match[1])] : [0, 0];
  if (!height || !width)
    throw new InputError(
      `Expected --size such as 224, or 192x256 (height x width), got ${JSON.stringify(text)}`,
    );
  return { height, width };
}

export const sizeOption = () =>
  new Option(
    '--size <size>',
    'height and width of the images, such as 224 or 192x256, for a model that reads any size; default: that of the data set',
  ).argParser(parseSize);

const COLOR_NAMES: Readonly<Record<string, RgbColor>> = {
  black: [0, 0, 0],
  white: [255, 255, 255],
  gray: [128, 128, 128],
};

/** Parses "white" or "#ffffff". */
export function parseColor(text: string): RgbColor {
  if (Object.hasOwn(COLOR_NAMES, text)) return COLOR_NAMES[text];
  const match = /^#([0-9a-f]{1,2})([0-9a-f]{1,2})([0-9a-f]{1,2})$/i.exec(text);
  if (!match || text.length % 3 !== 1)
    throw new InputError(
      `Expected --background to be ${Object.keys(COLOR_NAMES).join(', ')} or such as #ffffff, got ${JSON.stringify(text)}`,
    );
  const [red, green, blue] = match.slice(1).map((digits) => Number.parseInt(digits.padStart(2, digits), 16));
  return [red, green, blue];
}

export const backgroundOption = () =>
  new Option(
    '--background <color>',
    'the color behind transparent pixels of your images: black (default), white, gray or such as #ffffff',
  ).argParser(parseColor);

export const imageOption = () =>
  new Option('--image <file...>', 'your own images: PNG, JPEG, WebP, GIF or BMP');

/** The options of a command that runs a model on images. */
export const addModelOptions = (command: Command): Command =>
  command
    .option('--data <name>', 'data set, folder of images, or file with them; default: that of the run')
    .addOption(architectureOption())
    .addOption(outputOption())
    .addOption(pixelsOption())
    .addOption(sizeOption())
    .addOption(backgroundOption())
    .addOption(customLayersOption())
    .addOption(dataDirOption())
    .addOption(backendOption());
