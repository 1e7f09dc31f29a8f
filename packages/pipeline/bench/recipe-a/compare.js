// Puts two files of results side by side (ours.js, keras_recipe_a.py): of each the mean and its standard error over the
// seeds, and how many standard errors of the difference lie between them.
//
//     node packages/pipeline/bench/recipe-a/compare.js OURS.jsonl KERAS.jsonl
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(path, 'utf8').trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
const [ours, theirs] = process.argv.slice(2).map(read);
const settingsOf = ({ images, epochs }) => `${images} images, ${epochs} epochs`;
const kinds = new Set([...ours, ...theirs].map(settingsOf));
if (kinds.size !== 1) throw new Error(`Expected results of one kind, got ${[...kinds].join('; ')}`);

/** The mean, and its standard error from the sample's standard deviation. */
function summarize(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

console.log([...kinds][0]);
for (const name of ['valAccuracy', 'valLoss', 'accuracy', 'loss']) {
  const [a, b] = [ours, theirs].map((results) => summarize(results.map((result) => result[name])));
  const error = Math.hypot(a.error, b.error);
  const show = ({ mean, error: own }) => `${mean.toFixed(4)} +- ${own.toFixed(4)}`;
  const apart = ((a.mean - b.mean) / error).toFixed(2);
  console.log(
    `${name.padEnd(12)} ${ours[0].who} (${ours.length}) ${show(a)}   ${theirs[0].who} (${theirs.length}) ${show(b)}   ` +
      `difference ${(a.mean - b.mean).toFixed(4)}, ${apart} standard errors`,
  );
}
