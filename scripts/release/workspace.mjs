import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The packages of a workspace, private ones too: { folder, manifest }, with `folder` relative to `root`. */
export function readPackages(root) {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(parent, name)))
    .map((folder) => ({ folder, manifest: readJson(join(root, folder, 'package.json')) }));
}
