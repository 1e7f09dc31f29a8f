import { InputError } from '@convlens/core';
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
import { evaluate } from '../runs/evaluate.js';
import { expectNoOtherRun } from '../runs/output-folder.js';
import { interruptible } from '../terminal/interrupt.js';
import {
  architectureOption,
  backendOption,
  customLayersOption,
  dataDirOption,
  outputOption,
  pixelsOption,
} from '../options/common-options.js';
import { isPretrainedSource } from '../models/pretrained-source.js';
import { MODEL_SOURCE, withModel, type ModelFlags } from '../models/with-model.js';

interface EvaluateFlags extends ModelFlags {
  out?: string;
  tta?: TestTimeAugmentation;
}

export const evaluateCommand = () =>
  new Command('evaluate')
    .description('evaluate a model on the test images: accuracy, loss, confusion matrix')
    .argument('<model>', MODEL_SOURCE)
    .option('--data <name>', 'data set; default: the one of the run')
    .addOption(
      new Option(
        '--tta <kind>',
        'test-time augmentation: average the predictions over the image and its mirror image (flips), or also over shifts by one pixel (flips-and-shifts)',
      ).choices([...TEST_TIME_AUGMENTATIONS]),
    )
    .option('--out <dir>', 'folder of evaluation.json; default: the run folder')
    .addOption(architectureOption())
    .addOption(outputOption())
    .addOption(pixelsOption())
    .addOption(customLayersOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((path: string, flags: EvaluateFlags) =>
      interruptible((signal) => {
        const console = new Console(flags.json);
        return withModel(
          path,
          { flags, console, signal },
          async ({ opened, store, loadTestImages, warnAboutPixels }) => {
            if (flags.out !== undefined && !opened.run)
              throw new InputError('--out applies to run folders only: other models have no evaluation.json');
            await expectNoOtherRun(flags.out, path);
            const output = opened.run
              ? await evaluationStore(path, { store, out: flags.out, console })
              : store;
            warnAboutPixels();
            const images = await loadTestImages();
            const request = { opened, store: output, images, testTimeAugmentation: flags.tta };
            expectFiniteLoss(await evaluate(request, console, signal));
          },
        );
      }),
    );

/**
 * The store that the evaluation is written to: the run folder, or that of --out. A run folder that cannot be written is evaluated
 * all the same; a warning says that the evaluation is not saved.
 */
async function evaluationStore(
  path: string,
  { store, out, console }: { store: BlobStore; out: string | undefined; console: Console },
): Promise<BlobStore> {
  if (out === undefined && isPretrainedSource(path)) return store;
  const reason = out === undefined ? await whyReadOnly(path) : undefined;
  if (reason !== undefined) {
    console.warn(`The evaluation is not saved. ${reason}`);
    return memoryStore();
  }
  return openOutputFolder(out ?? path, { lock: false, replaces: [RUN_FILES.evaluation] });
}
