import { fromDrop } from '../../src/files.js';
import { loadImages, type ImageSource } from '../../src/folder.js';

/** Shows what was loaded, and that it is done, in the title. */
async function show(source: ImageSource): Promise<void> {
  try {
    const set = await loadImages(source, { split: 'train', height: 8, width: 8 });
    const digest = await crypto.subtle.digest('SHA-256', set.pixels as Uint8Array<ArrayBuffer>);
    const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    const labels = [...set.labels];
    document.title = JSON.stringify({ name: set.name, sha256, labels, classNames: set.classNames });
  } catch (error) {
    document.title = `failed: ${(error as Error).message}`;
  }
}

for (const input of document.querySelectorAll('input'))
  input.addEventListener('change', () => void show(input.files!));
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => {
  event.preventDefault();
  void fromDrop(event.dataTransfer!).then(show);
});
document.title = 'ready';
