import type { ModelCard } from '@convlens/pretrained';
import { find, make } from './dom.js';
import type { Opened } from './messages.js';

/** The choice that stands for a network from a file, while that is open. */
const FILE = 'file';

const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
const dataOf = ({ data }: ModelCard) => data.source.split(':')[0];

/** What is open, in a sentence or two. */
function describe({ card, file, notes }: Opened): string {
  if (file !== undefined) return [`${file} is open.`, ...notes].join(' ');
  if (!card) return '';
  const { name, classNames, data, evaluation } = card;
  return (
    `${name} is open. It was trained on ${data.trained.toLocaleString('en-US')} images of ${dataOf(card)} and names ` +
    `${percent(evaluation.binary16.accuracy)} of ${evaluation.count.toLocaleString('en-US')} test images right. ` +
    `It knows ${classNames.slice(0, -1).join(', ')} and ${classNames.at(-1)!}. The shapes that are drawn here are ` +
    'none of these; it names one all the same.'
  );
}

export interface NetworksOptions {
  /** The name of the network that is trained here. */
  own: string;
  onOwn: () => void;
  onPretrained: (name: string) => void;
}

/** The choice of the network that is looked into, and what is said of the one that is open. */
export function openNetworks(
  cards: readonly ModelCard[],
  { own, onOwn, onPretrained }: NetworksOptions,
): { chosen(): string; show(opened?: Opened): void } {
  const select = find<HTMLSelectElement>('network');
  const options = [
    make('option', { value: own, textContent: `${own}, trained here` }),
    ...cards.map((card) =>
      make('option', {
        value: card.name,
        textContent: `${card.name}, trained on ${dataOf(card)}`,
      }),
    ),
  ];
  select.replaceChildren(...options);
  select.disabled = false;
  select.addEventListener('change', () => {
    // Its bytes are not kept, so it cannot be chosen again.
    select.querySelector(`[value=${FILE}]`)?.remove();
    if (select.value === own) onOwn();
    else onPretrained(select.value);
  });

  return {
    chosen: () => select.value,
    show(opened) {
      const { card, file } = opened ?? {};
      const fromFile = file === undefined ? [] : [make('option', { value: FILE, textContent: file })];
      select.replaceChildren(...options, ...fromFile);
      select.value = file === undefined ? (card?.name ?? own) : FILE;
      find('network-says').textContent = opened ? describe(opened) : '';
      find('limits').hidden = !card;
      find('limits-list').replaceChildren(
        ...(card?.limits ?? []).map((textContent) => make('li', { textContent })),
      );
    },
  };
}
