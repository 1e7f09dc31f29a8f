import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const FIGURES_FOLDER = fileURLToPath(new URL('../../src/figures/', import.meta.url));

/** "trainingCurves" for "training-curves". */
export const toCamelCase = (id: string): string =>
  id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The type of the first parameter of a figure function as its source has it, without "readonly". */
export function recordTypeOf(id: string): string | undefined {
  const files = readdirSync(FIGURES_FOLDER, { recursive: true, encoding: 'utf8' });
  const path = files.find((file) => basename(file) === `${id}.ts`);
  if (!path) return undefined;
  const text = readFileSync(FIGURES_FOLDER + path, 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const declaration = source.statements
    .filter(ts.isFunctionDeclaration)
    .find(({ name }) => name?.text === toCamelCase(id));
  const type = declaration?.parameters[0].type?.getText();
  return type?.replaceAll('readonly ', '').replace(/\s+/g, ' ');
}
