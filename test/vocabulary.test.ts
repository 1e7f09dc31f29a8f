import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { repositoryFiles } from './support/repository-files.js';
import { RETIRED, type RetiredWord } from './support/retired-words.js';
import { ROOT } from './support/workspace.js';

/*
 * One word means one thing: docs/glossary.md defines the terms, support/retired-words.ts lists the words that they
 * replaced.
 */

const GLOSSARY = 'docs/glossary.md';

/** These speak of retired words. */
const EXEMPT = [GLOSSARY, 'test/vocabulary.test.ts', 'test/support/retired-words.ts'];
const IS_HISTORY = /(^|\/)(CHANGELOG\.md$|\.changeset\/)/;
/** What other programs wrote, and results that were measured. */
const IS_DATA = /(^|\/)(fixtures|snapshots)\/|^docs\/results\/.*\.json$|\bgolden[^/]*\.json$|-lock\.json$/;

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const paths = repositoryFiles().filter(
  (path) => !EXEMPT.includes(path) && !IS_HISTORY.test(path) && !IS_DATA.test(path),
);
const files = paths
  .filter((path) => /\.(ts|js|mjs|md|json)$/.test(path))
  .map((path) => ({ path, text: read(path) }));

/** Between the words of a phrase: also the end of a line and what begins the next, such as a comment's "*". */
const GAP = String.raw`\s+(?:(?:\*|//|>|\|)\s+)?`;
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Finds a word in prose, in any case; a string is a whole word. */
function textPattern({ word }: RetiredWord): RegExp {
  const source = word instanceof RegExp ? word.source : `(?<!\\w)${escaped(word)}(?!\\w)`;
  return new RegExp(source.replaceAll(' ', GAP), 'gi');
}

/** Whether a whole name is the word. */
const isWord = (name: string, { word }: RetiredWord) =>
  word instanceof RegExp ? word.test(name) : word === name;

const ofKind = (kind: RetiredWord['kind']) => RETIRED.filter((one) => one.kind === kind);
const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;
const reported = (place: string, found: string, { use }: RetiredWord) =>
  `${place}: ${found.replace(/\s+/g, ' ')} -> ${use}`;

/** Every identifier in code, with where it begins. */
function identifiers(text: string): { name: string; start: number }[] {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest);
  const found: { name: string; start: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push({ name: node.text, start: node.getStart(file) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The terms of the glossary and the names in it, each from the first two columns of its tables. */
function glossaryTerms(): string[] {
  const rows = read(GLOSSARY).match(/^\|.*\|$/gm) ?? [];
  return rows.flatMap((row) => {
    const [, term, meaning = ''] = row.split('|').map((cell) => cell.trim());
    const names = [...`${term} ${meaning}`.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    return [...term.replace(/[(`].*?[)`]/g, '').split(','), ...names].map((one) => one.trim());
  });
}

describe('one vocabulary', () => {
  it('no text uses a retired word', () => {
    const patterns = ofKind('text').map((one) => [one, textPattern(one)] as const);
    const found = files.flatMap(({ path, text }) =>
      patterns.flatMap(([one, pattern]) =>
        [...text.matchAll(pattern)].map((match) =>
          reported(`${path}:${lineAt(text, match.index)}`, match[0], one),
        ),
      ),
    );
    expect(found).toEqual([]);
  });

  it('no identifier is a retired word', () => {
    const words = ofKind('identifier');
    const code = files.filter(({ path }) => /\.m?[jt]s$/.test(path));
    const found = code.flatMap(({ path, text }) =>
      identifiers(text).flatMap(({ name, start }) =>
        words
          .filter((one) => isWord(name, one))
          .map((one) => reported(`${path}:${lineAt(text, start)}`, name, one)),
      ),
    );
    expect(found).toEqual([]);
  });

  it('no file or folder is named by a retired word', () => {
    const parts = new Set(
      paths.flatMap((path) => path.split('/').map((_, at, all) => all.slice(0, at + 1).join('/'))),
    );
    const found = [...parts].flatMap((path) =>
      ofKind('path')
        .filter((one) => isWord(posix.basename(path).replace(/\..*$/, ''), one))
        .map((one) => reported(path, posix.basename(path), one)),
    );
    expect(found).toEqual([]);
  });

  it('no term of the glossary is a retired word', () => {
    const found = glossaryTerms().flatMap((term) =>
      RETIRED.filter((one) =>
        one.kind === 'text' ? textPattern(one).test(term) : one.kind === 'identifier' && isWord(term, one),
      ).map((one) => reported(GLOSSARY, term, one)),
    );
    expect(found).toEqual([]);
  });
});
