import { getById } from './dom.js';

export interface FileInputOptions {
  onModelFile: (file: File) => void;
  /** Called once for the images that are chosen or dropped together. */
  onImageFiles: (files: readonly File[]) => void;
}

const isImageFile = ({ name, type }: File) => type.startsWith('image/') || /\.(png|jpe?g|webp)$/i.test(name);

/**
 * Listens for files that are chosen, or dropped anywhere on the page. Files are passed on unread, so that requests reach the
 * worker in the order of the user's actions.
 */
export function listenForFiles({ onModelFile, onImageFiles }: FileInputOptions): void {
  const dispatch = (files: readonly File[]) => {
    for (const file of files) if (!isImageFile(file)) onModelFile(file);
    const imageFiles = files.filter(isImageFile);
    if (imageFiles.length) onImageFiles(imageFiles);
  };
  const input = getById<HTMLInputElement>('file');
  input.addEventListener('change', () => {
    dispatch([...(input.files ?? [])]);
    // Otherwise choosing the same file again would not be a change.
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
    dispatch([...(event.dataTransfer?.files ?? [])]);
  });
}
