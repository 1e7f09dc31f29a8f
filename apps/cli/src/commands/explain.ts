import { dirname, join } from 'node:path';
import { VISUALIZATION_SCORES, visualizationPresets, type VisualizationScore } from '@convlens/activations';
import { findEntry, InputError } from '@convlens/core';
import { substore } from '@convlens/storage';
import {
  explain,
  EXPLAIN_METHODS,
  readUserImages,
  RUN_FILES,
  type ExplainResult,
  type VisualizationRecipe,
} from '@convlens/pipeline';
import { COLOR_SCALES, type ColorScale, type FilterChoice } from '@convlens/render-d3';
import { Command, Option } from 'commander';
import { Console } from '../terminal/console.js';
import { writeFigures } from '../figures/write-figures.js';
import { readImageFiles } from '../data/image-files.js';
import { interruptible } from '../terminal/interrupt.js';
import { addModelOptions, imageOption, parseList, parseNumber } from '../options/common-options.js';
import { isPretrainedSource, pretrainedName } from '../models/pretrained-source.js';
import {
  isModelFile,
  MODEL_SOURCE,
  type ModelContext,
  withModel,
  type ModelFlags,
} from '../models/with-model.js';
import { withOutputFolder } from '../runs/output-folder.js';
import { formatTable } from '../terminal/format-table.js';

interface ExplainFlags extends ModelFlags {
  method: string;
  layer?: string;
  filters?: string[];
  classes?: string[];
  nth?: number;
  index?: number;
  image?: string[];
  target?: string;
  colorScale?: ColorScale;
  columns?: number;
  score?: VisualizationScore;
  steps?: number;
  recipe?: VisualizationRecipe;
  out?: string;
}

export const explainCommand = () =>
  addModelOptions(
    new Command('explain')
      .description('explain a model with one method, as figures and tables')
      .argument('<model>', MODEL_SOURCE)
      .requiredOption('--method <name>', 'explain method (see convlens list methods)')
      .option('--layer <name>', 'layer name, first-conv or last-conv (see convlens layers MODEL)')
      .option(
        '--filters <list>',
        'filter indices, such as 0,10,25; the strongest, such as top:32; or all',
        parseList,
      )
      .option(
        '--classes <list>',
        'classes whose nth test image is explained, such as airplane,cat',
        parseList,
      )
      .option('--nth <n>', 'which test image of each class, counted from 1 (default: 3)', parseNumber)
      .option('--index <n>', 'index of one test image', parseNumber)
      .addOption(imageOption())
      .option(
        '--target <target>',
        'what to explain: predicted (default), label, a class, or LAYER#CHANNEL such as relu2_2#10',
      )
      .addOption(
        new Option(
          '--color-scale <scale>',
          'color scale of feature maps (default: per-map, each map on its own)',
        ).choices(COLOR_SCALES),
      )
      .option('--columns <n>', 'columns of feature maps (default: 8)', parseNumber)
      .addOption(
        new Option(
          '--score <score>',
          'what images of classes are optimized for (default: margin, the log-odds of the class)',
        ).choices(VISUALIZATION_SCORES),
      )
      .option(
        '--steps <n>',
        'steps that images are optimized for (default: 256 of color images, 300 of gray images)',
        parseNumber,
      )
      .addOption(
        new Option(
          '--recipe <name>',
          'how images are optimized (default: lucid of color images, mnist of gray images)',
        ).choices(Object.keys(visualizationPresets)),
      )
      .option('--out <dir>', 'output folder; default: figures in the run or model folder'),
  ).action((path: string, flags: ExplainFlags) =>
    interruptible((signal) => {
      const console = new Console(flags.json);
      findEntry('--method', flags.method, EXPLAIN_METHODS);
      if (flags.image && flags.data !== undefined)
        throw new InputError('Expected --data or --image, got both');
      return withModel(path, { flags, console, signal }, (context) =>
        explainModel(context, { path, flags, console, signal }),
      );
    }),
  );

interface ExplainRequest {
  path: string;
  flags: ExplainFlags;
  console: Console;
  signal: AbortSignal;
}

/** Explains an opened model: prints the result and writes its figures. */
async function explainModel(
  { opened, loadTestImages, warnAboutPixels }: ModelContext,
  { path, flags, console, signal }: ExplainRequest,
): Promise<void> {
  const { method, image, layer, classes, nth, index, target, colorScale, columns, score, steps, recipe } =
    flags;
  if (method !== 'diagnose-input') warnAboutPixels();
  const { size, background } = flags;
  const images = image
    ? await readUserImages(await readImageFiles(image), opened, { size, background })
    : await loadTestImages();
  const filters = parseFilters(flags.filters);
  const selection = { layer, filters, classes, nth, index, target, colorScale, columns };
  const visualization = { score, steps, recipe };
  const bar = console.bar(method);
  const onProgress = (done: number, total: number) => bar.update(done, total);
  const options = { method, images, ...selection, ...visualization, signal, onProgress };
  const result = await explain(opened, options).finally(() => bar.stop());
  printResult(result, console);
  await writeResult(result, { path, flags, console, signal });
}

async function writeResult(
  result: ExplainResult,
  { path, flags, console, signal }: ExplainRequest,
): Promise<void> {
  const { root, figures } = figuresFolder(path, flags);
  await withOutputFolder(root, { command: 'convlens explain', lock: false }, async (output) => {
    const store = figures === '' ? output : substore(output, figures);
    await writeFigures(result.figures, { store, console, signal });
  });
}

function printResult({ table, conclusion, warning }: ExplainResult, console: Console): void {
  if (table) console.event('table', table, formatTable([table.columns, ...table.rows]));
  if (conclusion) console.event('conclusion', { text: conclusion }, conclusion);
  if (warning) console.warn(warning);
}

/**
 * The folder of the figures: that of --out, else beside the model, and in a subfolder for the user's images. `root` is the folder
 * that records what is written: the run folder, whose figures the report writes too.
 */
function figuresFolder(path: string, { out, image }: ExplainFlags): { root: string; figures: string } {
  if (out !== undefined) return { root: out, figures: '' };
  const figures = image ? `${RUN_FILES.figures}/images` : RUN_FILES.figures;
  if (isModelFile(path)) return { root: join(dirname(path), figures), figures: '' };
  return { root: isPretrainedSource(path) ? join('runs', pretrainedName(path)) : path, figures };
}

function parseFilters(texts: string[] | undefined): FilterChoice | undefined {
  if (texts === undefined) return undefined;
  if (texts.join() === 'all') return 'all';
  const [, top] = /^top:([1-9]\d*)$/.exec(texts.join()) ?? [];
  if (top !== undefined) return { top: Number(top) };
  return texts.map((text) => {
    if (!/^\d+$/.test(text))
      throw new InputError(
        `Expected --filters such as 0,10,25, top:32 or all, got ${JSON.stringify(texts.join())}`,
      );
    return Number(text);
  });
}
