import { expectInteger, expectOneOf } from '@convlens/core';
import { architectureNames } from '@convlens/models';
import { Command } from 'commander';
import {
  backendNames,
  chooseBackend,
  activateBackend,
  TRAINING_BACKENDS,
} from '../backend/choose-backend.js';
import { benchmark, REFERENCE_MODEL } from '../backend/benchmark.js';
import { Console } from '../terminal/console.js';
import { parseNumber } from '../options/common-options.js';

interface BenchFlags {
  backend?: string;
  batchSize?: number;
  model: string;
  steps: number;
  json?: boolean;
}

export const benchCommand = () =>
  new Command('bench')
    .description('measure training and inference speed in images per second, for each backend')
    .option('--backend <name>', `one of ${backendNames.join(', ')}; default: all available except cpu`)
    .option('--batch-size <n>', 'images per batch; default: 64 and 256', parseNumber)
    .option('--model <name>', 'architecture (see convlens list models)', REFERENCE_MODEL)
    .option('--steps <n>', 'number of timed batches', parseNumber, 20)
    .action(async (flags: BenchFlags) => {
      const console = new Console(flags.json);
      const sizes = flags.batchSize === undefined ? [64, 256] : [flags.batchSize];
      for (const size of sizes) expectInteger('--batch-size', size, { min: 1 });
      expectInteger('--steps', flags.steps, { min: 1 });
      const model = expectOneOf('--model', flags.model, architectureNames);
      const names = flags.backend === undefined ? await availableBackends() : [flags.backend];
      for (const name of names) {
        await chooseBackend(name);
        for (const size of sizes) {
          const train = TRAINING_BACKENDS.includes(name) || name === 'auto';
          const result = await benchmark(size, { model, steps: flags.steps, train });
          const training = result.trainImagesPerSecond ?? 'not supported';
          const inference = result.inferenceImagesPerSecond;
          const text = `${result.backend}, ${model}, batch size ${size}: training ${training}, inference ${inference} images/s`;
          console.event('bench', result, text);
        }
      }
    });

/** The fast backends that are available. */
async function availableBackends(): Promise<string[]> {
  const names = [];
  for (const name of ['node', 'simd', 'wasm']) if (await activateBackend(name)) names.push(name);
  return names;
}
