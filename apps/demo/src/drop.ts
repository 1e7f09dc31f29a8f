import { find } from './dom.js';
import type { Picture } from './messages.js';

export interface FilesOptions {
  onNetwork: (name: string, bytes: Uint8Array) => void;
  /** Of those that came together, once for all. */
  onPictures: (pictures: readonly Picture[]) => void;
  /** A folder, or a file that is gone. */
  onUnreadable: (name: string, reason: string) => void;
}

const isPicture = ({ name, type }: File) => type.startsWith('image/') || /\.(png|jpe?g|webp)$/i.test(name);

/** Hands on the files that are picked, or dropped anywhere on the page. */
export function openFiles({ onNetwork, onPictures, onUnreadable }: FilesOptions): void {
  const hand = async (files: readonly File[]) => {
    const networks: { name: string; bytes: Uint8Array }[] = [];
    const pictures: Picture[] = [];
    for (const file of files)
      try {
        // Read now: the file may be gone when another network is to be given it.
        const bytes = new Uint8Array(await file.arrayBuffer());
        if (isPicture(file)) pictures.push({ name: file.name, file: new Blob([bytes]) });
        else networks.push({ name: file.name, bytes });
      } catch (error) {
        onUnreadable(file.name, (error as Error).message);
      }
    for (const { name, bytes } of networks) onNetwork(name, bytes);
    if (pictures.length) onPictures(pictures);
  };
  const input = find<HTMLInputElement>('file');
  input.addEventListener('change', () => {
    void hand([...(input.files ?? [])]);
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
    void hand([...(event.dataTransfer?.files ?? [])]);
  });
}
