import { expectOneOf, idsOf, type RegistryEntry } from '@convlens/core';
import { ARCHITECTURES } from '@convlens/models';
import { DATASETS, EXPLAIN_METHODS, figureNames } from '@convlens/pipeline';
import { MODEL_CARDS } from '@convlens/pretrained';
import { ALL_RECIPES } from '@convlens/reproduce';
import { Command } from 'commander';
import { Console } from '../terminal/console.js';

type ListItem = RegistryEntry & { readonly title?: string };

/** The registries, by the name on the command line. */
const LISTS: Readonly<Record<string, readonly ListItem[]>> = {
  models: ARCHITECTURES,
  recipes: ALL_RECIPES,
  methods: EXPLAIN_METHODS,
  figures: figureNames().map((id) => ({ id })),
  data: DATASETS,
  pretrained: MODEL_CARDS,
};

/** One line per item: its id and its title. */
function formatItems(items: readonly ListItem[]): string {
  const width = Math.max(...items.map(({ id }) => id.length));
  return items.map(({ id, title }) => (title ? `${id.padEnd(width)}  ${title}` : id)).join('\n');
}

export const listCommand = () =>
  new Command('list')
    .description('list models, recipes, explain methods, figures, data sets or pretrained models')
    .argument('[list]', Object.keys(LISTS).join('|'))
    .action((name: string | undefined, { json }: { json?: boolean }) => {
      const console = new Console(json);
      const names = name === undefined ? Object.keys(LISTS) : [expectOneOf('list', name, Object.keys(LISTS))];
      for (const list of names) {
        const items = LISTS[list];
        const text = name === undefined ? `${list}: ${idsOf(items).join(', ')}` : formatItems(items);
        const titles = Object.fromEntries(items.flatMap(({ id, title }) => (title ? [[id, title]] : [])));
        console.event('list', { list, items: idsOf(items), titles }, text);
      }
    });
