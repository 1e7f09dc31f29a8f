import { TEST_TIME_AUGMENTATIONS, type TestTimeAugmentation } from '@convlens/pipeline';
import { Command, Option } from 'commander';
import { Console } from '../terminal/console.js';
import { evaluate } from '../runs/evaluate.js';
import { interruptible } from '../terminal/interrupt.js';
import { backendOption, dataDirOption } from '../options/common-options.js';
import { MODEL_SOURCE, withModel, type ModelFlags } from '../models/with-model.js';

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
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((path: string, flags: ModelFlags & { tta?: TestTimeAugmentation }) =>
      interruptible((signal) => {
        const console = new Console(flags.json);
        return withModel(path, { flags, console, signal }, async ({ opened, store, loadTestImages }) => {
          const images = await loadTestImages();
          await evaluate({ opened, store, images, testTimeAugmentation: flags.tta }, console, signal);
        });
      }),
    );
