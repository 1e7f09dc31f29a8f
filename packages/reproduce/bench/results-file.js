import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** The results in a file with one JSON object per line; none if there is no file. */
export const readResultLines = (path) =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];

/** Appends a result to a file and prints it. */
export function addResult(path, result) {
  const line = JSON.stringify(result);
  appendFileSync(path, `${line}\n`);
  console.log(line);
}
