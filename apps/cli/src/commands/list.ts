import { InputError } from '@convlens/core';
import { modelNames } from '@convlens/models';
import { datasetNames, figureNames, methodNames, recipes } from '@convlens/pipeline';
import { Command } from 'commander';
import { Console } from '../console.js';

const lists: Record<string, readonly string[]> = {
  models: modelNames,
  recipes: Object.keys(recipes),
  methods: methodNames,
  figures: figureNames,
  data: datasetNames,
};

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
        const text = what === undefined ? `${name}: ${items.join(', ')}` : items.join('\n');
        console.event('list', { list: name, items }, text);
      }
    });
