// Compares two files of results (of convlens-recipe-a.js and keras_recipe_a.py): the mean and its standard
// error over the seeds of each, and their difference in standard errors.
//
//     node packages/reproduce/bench/recipe-a/compare.js CONVLENS.jsonl KERAS.jsonl
import { readResultLines } from '../results-file.js';

const [first, second] = process.argv.slice(2).map(readResultLines);
const setupOf = ({ images, epochs }) => `${images} images, ${epochs} epochs`;
const setups = new Set([...first, ...second].map(setupOf));
if (setups.size !== 1) throw new Error(`Expected results of one setup, got ${[...setups].join('; ')}`);

/** The mean, and its standard error from the sample standard deviation. */
function summarize(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

const describe = (results, { mean, error }) =>
  `${results[0].framework} (${results.length}) ${mean.toFixed(4)} +- ${error.toFixed(4)}`;

console.log([...setups][0]);
for (const metric of ['valAccuracy', 'valLoss', 'accuracy', 'loss']) {
  const [a, b] = [first, second].map((results) => summarize(results.map((result) => result[metric])));
  const difference = a.mean - b.mean;
  const standardErrors = (difference / Math.hypot(a.error, b.error)).toFixed(2);
  console.log(
    `${metric.padEnd(12)} ${describe(first, a)}   ${describe(second, b)}   ` +
      `difference ${difference.toFixed(4)}, ${standardErrors} standard errors`,
  );
}
