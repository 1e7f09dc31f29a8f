import {
  expectFiniteLoss,
  RUN_FILES,
  TEST_TIME_AUGMENTATIONS,
  type TestTimeAugmentation,
} from '@convlens/pipeline';
import { memoryStore, type BlobStore } from '@convlens/storage';
import { openOutputFolder, whyReadOnly } from '@convlens/storage/node';
import { Command, Option } from 'commander';
import { Console } from '../terminal/console.js';
import { evaluate, evaluateTargets } from '../runs/evaluate.js';
import { expectNoOtherRun, withOutputFolder } from '../runs/output-folder.js';
import { interruptible } from '../terminal/interrupt.js';
import { addModelOptions, parseNumber } from '../options/common-options.js';
import { isPretrainedSource } from '../models/pretrained-source.js';
import { MODEL_SOURCE, withModel, type ModelContext, type ModelFlags } from '../models/with-model.js';

interface EvaluateFlags extends ModelFlags {
  out?: string;
  targets?: string;
  threshold?: number;
  tta?: TestTimeAugmentation;
}

export const evaluateCommand = () =>
  addModelOptions(
    new Command('evaluate')
      .description(
        'evaluate a model on the test images: accuracy, loss, confusion matrix, and precision, recall, F1 score, AUC and average precision of each class',
      )
      .argument('<model>', MODEL_SOURCE)
      .addOption(
        new Option(
          '--tta <kind>',
          'test-time augmentation: average the predictions over the image and its mirror image (flips), or also over shifts by one pixel (flips-and-shifts)',
        ).choices([...TEST_TIME_AUGMENTATIONS]),
      )
      .option(
        '--threshold <p>',
        'the probability from which on the second of two classes is predicted, or each class of a multi-label model, 0 to 1 (default: 0.5)',
        parseNumber,
      )
      .option(
        '--targets <file>',
        'the classes of the test images of a multi-label model, in their order: .npy or .json of images x classes, 0 or 1 each',
      )
      .option(
        '--out <dir>',
        'folder of figures: confusion matrix, ROC and precision-recall curves; and of evaluation.json, which is in the run folder by default',
      ),
  ).action((path: string, flags: EvaluateFlags) =>
    interruptible((signal) => {
      const console = new Console(flags.json);
      return withModel(path, { flags, console, signal }, (context) =>
        evaluateModel(context, { path, flags, console, signal }),
      );
    }),
  );

interface EvaluateRequest {
  path: string;
  flags: EvaluateFlags;
  console: Console;
  signal: AbortSignal;
}

/** Evaluates an opened model: prints the result, saves it, and writes figures with --out. */
async function evaluateModel(context: ModelContext, request: EvaluateRequest): Promise<void> {
  const { opened, store, loadTestImages, warnAboutPixels } = context;
  const { path, flags, console, signal } = request;
  const { out, targets, threshold, tta: testTimeAugmentation } = flags;
  await expectNoOtherRun(out, path);
  warnAboutPixels();
  const withStore = async (output: BlobStore, figures?: BlobStore) => {
    const images = await loadTestImages();
    const options = { opened, images, figures, threshold, testTimeAugmentation };
    if (targets !== undefined) await evaluateTargets({ ...options, targets }, console, signal);
    else expectFiniteLoss(await evaluate({ ...options, store: output }, console, signal));
  };
  if (out !== undefined) {
    const options = { command: 'convlens evaluate', lock: false, replaces: [RUN_FILES.evaluation] };
    return withOutputFolder(out, options, (output) => withStore(output, output));
  }
  const isSaved = opened.run !== undefined && targets === undefined;
  return withStore(isSaved ? await evaluationStore(path, store, console) : store);
}

/**
 * The store that the evaluation is written to without --out: the run folder. A run folder that cannot be written is evaluated all
 * the same; a warning says that the evaluation is not saved.
 */
async function evaluationStore(path: string, store: BlobStore, console: Console): Promise<BlobStore> {
  if (isPretrainedSource(path)) return store;
  const reason = await whyReadOnly(path);
  if (reason !== undefined) {
    console.warn(`The evaluation is not saved. ${reason}`);
    return memoryStore();
  }
  return openOutputFolder(path, { lock: false, replaces: [RUN_FILES.evaluation] });
}
