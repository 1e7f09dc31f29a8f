import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/** The source files that are changed now, with their own text. */
const originals = new Map();

function restore() {
  for (const [file, original] of originals) writeFileSync(file, original);
  originals.clear();
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    restore();
    process.exit(130);
  });

/** Text with replacements, each the new `text` from `start` to `end`. They do not overlap. */
export const replaceIn = (original, replacements) =>
  [...replacements]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((changed, { start, end, text }) => changed.slice(0, start) + text + changed.slice(end), original);

/** Resolves to what `run` resolves to, called while the files have replacements: a map from path to replacements. */
export async function withReplacements(replacements, run) {
  try {
    for (const [path, changes] of replacements) {
      const file = join(ROOT, path);
      const original = readFileSync(file, 'utf8');
      originals.set(file, original);
      writeFileSync(file, replaceIn(original, changes));
    }
    return await run();
  } finally {
    restore();
  }
}
