import { expectInteger, expectOneOf } from '@convlens/core';
import { modelNames } from '@convlens/models';
import { Command } from 'commander';
import { backendNames, chooseBackend, isBackendPresent, TRAINING_BACKENDS } from '../backend.js';
import { benchmark, REFERENCE_MODEL } from '../benchmark.js';
import { Console } from '../console.js';
import { number } from '../options.js';

interface BenchFlags {
  backend?: string;
  batchSize?: number;
  model: string;
  steps: number;
  json?: boolean;
}

export const benchCommand = () =>
  new Command('bench')
    .description('images a second that a network trains and predicts, a line a backend')
    .option('--backend <name>', `one of ${backendNames.join(', ')}; default: each that is here, but cpu`)
    .option('--batch-size <n>', 'images a batch; default: 64, then 256', number)
    .option('--model <name>', 'an architecture of `convlens list models`', REFERENCE_MODEL)
    .option('--steps <n>', 'batches that are timed', number, 20)
    .action(async (flags: BenchFlags) => {
      const console = new Console(flags.json);
      const sizes = flags.batchSize === undefined ? [64, 256] : [flags.batchSize];
      for (const size of sizes) expectInteger('--batch-size', size, { min: 1 });
      expectInteger('--steps', flags.steps, { min: 1 });
      const model = expectOneOf('--model', flags.model, modelNames);
      const names = flags.backend === undefined ? await present() : [flags.backend];
      for (const name of names) {
        await chooseBackend(name);
        for (const size of sizes) {
          const train = TRAINING_BACKENDS.includes(name) || name === 'auto';
          const figures = await benchmark(size, { model, steps: flags.steps, train });
          const trained = figures.train_images_per_s ?? 'cannot';
          const text = `${figures.backend}, ${model}, batch ${size}: trains ${trained}, predicts ${figures.infer_images_per_s} images/s`;
          console.event('bench', figures, text);
        }
      }
    });

/** Every backend that is worth a measurement and loads here. */
async function present(): Promise<string[]> {
  const names = [];
  for (const name of ['node', 'simd', 'wasm']) if (await isBackendPresent(name)) names.push(name);
  return names;
}
