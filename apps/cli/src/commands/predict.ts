import { expectInteger, formatPercent, InputError } from '@convlens/core';
import { predict, readUserImages, type ImagePrediction, type PredictResult } from '@convlens/pipeline';
import { Command, Option } from 'commander';
import { imageTitles, readImageFiles } from '../data/image-files.js';
import { writeFigures } from '../figures/write-figures.js';
import { MODEL_SOURCE, withModel, type ModelContext, type ModelFlags } from '../models/with-model.js';
import { addModelOptions, imageOption, parseList, parseNumber } from '../options/common-options.js';
import { expectNoOtherRun, withOutputFolder } from '../runs/output-folder.js';
import { Console } from '../terminal/console.js';
import { formatTable } from '../terminal/format-table.js';
import { interruptible } from '../terminal/interrupt.js';

interface PredictFlags extends ModelFlags {
  index?: number[];
  classes?: string[];
  nth?: number;
  image?: string[];
  top: number;
  out?: string;
}

export const predictCommand = () =>
  addModelOptions(
    new Command('predict')
      .description('predict the classes of images: class, probability, the most probable classes, true class')
      .argument('<model>', MODEL_SOURCE)
      .option('--index <list>', 'indices of test images, such as 15,20', (text: string) =>
        parseList(text).map(parseNumber),
      )
      .option(
        '--classes <list>',
        'classes whose nth test image is predicted, such as airplane,cat',
        parseList,
      )
      .option('--nth <n>', 'which test image of each class, counted from 1 (default: 3)', parseNumber)
      .addOption(imageOption())
      .addOption(
        new Option('--top <n>', 'the number of classes per image, most probable first')
          .argParser((text: string) => expectInteger('--top', parseNumber(text), { min: 1 }))
          .default(5),
      )
      .option('--out <dir>', 'folder of figures: the images with their predictions, and their probabilities'),
  ).action((path: string, flags: PredictFlags) =>
    interruptible(async (signal) => {
      const console = new Console(flags.json);
      expectOneSelection(flags);
      await expectNoOtherRun(flags.out, path);
      await withModel(path, { flags, console, signal }, async (context) => {
        const result = await predictSelected(context, { flags, console, signal });
        printPredictions(result, { top: flags.top, console });
        if (flags.out !== undefined)
          await withOutputFolder(flags.out, { command: 'convlens predict', lock: false }, (store) =>
            writeFigures(result.figures, { store, console, signal }),
          );
      });
    }),
  );

function expectOneSelection({ image, data, index, classes, nth }: PredictFlags): void {
  const ofData = Object.entries({ '--data': data, '--index': index, '--classes': classes, '--nth': nth });
  const other = ofData.find(([, value]) => value !== undefined);
  if (image && other) throw new InputError(`Expected ${other[0]} or --image, got both`);
}

interface Context {
  flags: PredictFlags;
  console: Console;
  signal: AbortSignal;
}

async function predictSelected(
  { opened, loadTestImages, warnAboutPixels }: ModelContext,
  { flags, console, signal }: Context,
): Promise<PredictResult> {
  warnAboutPixels();
  const { size, background, index, classes, nth } = flags;
  const files = flags.image && (await readImageFiles(flags.image));
  const images = files ? await readUserImages(files, opened, { size, background }) : await loadTestImages();
  const bar = console.bar('predicting');
  const onProgress = (done: number, total: number) => bar.update(done, total);
  const names = files && imageTitles(files);
  const options = { indices: index, classes, nth, names, signal, onProgress };
  return predict(opened, images, options).finally(() => bar.stop());
}

/** The classes of a prediction, most probable first; of equal ones the lower index. */
function mostProbable({ probabilities }: ImagePrediction, top: number): number[] {
  const classes = Array.from(probabilities, (_, c) => c);
  return classes.sort((a, b) => probabilities[b] - probabilities[a] || a - b).slice(0, top);
}

interface PrintOptions {
  classNames: readonly string[];
  top: number;
}

const nameIn = (classNames: readonly string[], c: number) => classNames[c] ?? `class ${c}`;

/** A prediction for programs: classes by name, `index` in the data set. */
function predictionFields(prediction: ImagePrediction, { classNames, top }: PrintOptions): object {
  const { index, name, label, predicted, confidence, probabilities, values } = prediction;
  const mostProbableClasses = mostProbable(prediction, top).map((c) => ({
    class: nameIn(classNames, c),
    probability: probabilities[c],
  }));
  return {
    index,
    name,
    ...(label !== undefined && { label: nameIn(classNames, label) }),
    ...(values
      ? { values: [...values] }
      : {
          predicted: nameIn(classNames, predicted),
          confidence,
          top: mostProbableClasses,
          probabilities: [...probabilities],
        }),
  };
}

/** The row of a prediction: image, true class, and the predicted class with the most probable ones, or the value. */
function predictionCells(prediction: ImagePrediction, { classNames, top }: PrintOptions): string[] {
  const { name, label, predicted, probabilities, values } = prediction;
  const start = [name, label === undefined ? '' : nameIn(classNames, label)];
  if (values) return [...start, Array.from(values, (value) => value.toPrecision(6)).join(', ')];
  const classes = mostProbable(prediction, top).map(
    (c) => `${nameIn(classNames, c)} ${formatPercent(probabilities[c])}`,
  );
  return [...start, nameIn(classNames, predicted), classes.join(', ')];
}

function printPredictions(
  { predictions, classNames }: PredictResult,
  { top, console }: { top: number; console: Console },
): void {
  const options = { classNames, top };
  const outputs = predictions.some(({ values }) => values)
    ? ['value']
    : ['prediction', 'most probable classes'];
  const rows = [
    ['image', 'true class', ...outputs],
    ...predictions.map((record) => predictionCells(record, options)),
  ];
  const isLabeled = predictions.some(({ label }) => label !== undefined);
  const fields = { classNames, predictions: predictions.map((record) => predictionFields(record, options)) };
  const shownRows = isLabeled ? rows : rows.map(([name, , ...others]) => [name, ...others]);
  console.event('predictions', fields, formatTable(shownRows));
}
