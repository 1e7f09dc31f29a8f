import { find } from './dom.js';

export interface FilesOptions {
  onNetwork: (file: File) => void;
  /** Of those that came together, once for all. */
  onPictures: (files: readonly File[]) => void;
}

const isPicture = ({ name, type }: File) => type.startsWith('image/') || /\.(png|jpe?g|webp)$/i.test(name);

/** Hands on the files that are picked, or dropped anywhere on the page, unread: so none overtakes what is chosen after it. */
export function openFiles({ onNetwork, onPictures }: FilesOptions): void {
  const hand = (files: readonly File[]) => {
    for (const file of files) if (!isPicture(file)) onNetwork(file);
    const pictures = files.filter(isPicture);
    if (pictures.length) onPictures(pictures);
  };
  const input = find<HTMLInputElement>('file');
  input.addEventListener('change', () => {
    hand([...(input.files ?? [])]);
    // The same file can be picked again.
    input.value = '';
  });
  const { classList } = document.body;
  addEventListener('dragover', (event) => {
    event.preventDefault();
    classList.add('dropping');
  });
  for (const end of ['dragleave', 'drop'] as const) addEventListener(end, () => classList.remove('dropping'));
  addEventListener('drop', (event) => {
    event.preventDefault();
    hand([...(event.dataTransfer?.files ?? [])]);
  });
}
