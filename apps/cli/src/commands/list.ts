import { InputError } from '@convlens/core';
import { modelNames } from '@convlens/models';
import { datasetNames, figureNames, methodNames, recipes, recipeTitles } from '@convlens/pipeline';
import { PRETRAINED } from '@convlens/pretrained';
import { Command } from 'commander';
import { Console } from '../console.js';

const lists: Record<string, readonly string[]> = {
  models: modelNames,
  recipes: Object.keys(recipes),
  methods: methodNames,
  figures: figureNames,
  data: datasetNames,
  pretrained: Object.keys(PRETRAINED),
};

/** What there is to say of each item, in a line. */
const titles: Record<string, Readonly<Record<string, string>>> = {
  recipes: recipeTitles,
  pretrained: Object.fromEntries(Object.entries(PRETRAINED).map(([name, { title }]) => [name, title])),
};

/** One item a line, with what there is to say of it. */
function describe(items: readonly string[], about: Readonly<Record<string, string>>): string {
  const width = Math.max(...items.map(({ length }) => length));
  return items.map((item) => (about[item] ? `${item.padEnd(width)}  ${about[item]}` : item)).join('\n');
}

export const listCommand = () =>
  new Command('list')
    .description('what there is')
    .argument('[what]', Object.keys(lists).join('|'))
    .action((what: string | undefined, { json }: { json?: boolean }) => {
      const console = new Console(json);
      if (what !== undefined && !Object.hasOwn(lists, what))
        throw new InputError(`Expected one of ${Object.keys(lists).join(', ')}, got ${JSON.stringify(what)}`);
      for (const [name, items] of Object.entries(lists)) {
        if (what !== undefined && what !== name) continue;
        const text =
          what === undefined ? `${name}: ${items.join(', ')}` : describe(items, titles[name] ?? {});
        console.event('list', { list: name, items, titles: titles[name] }, text);
      }
    });
